import { fillRandom } from '#shared/math/random';
import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { compile } from '../compile';
import type { FormChoice } from '../forms';
import type { Graph } from '../graph';
import { emitModel } from '../model';
import { onnxRuntime } from '../runtime';

export type Named = Readonly<Record<string, tf.Tensor>>;
export type Compute = (inputs: Named) => Named;

const numbersFor = (shape: Shape, index: number): Float32Array =>
  fillRandom(new Float32Array(shapeSize(shape)), 'normal', index + 1, 1);

/**
 * Largest difference between the compiled function and TensorFlow.js's CPU backend, as a fraction of the largest number of each output (or of a
 * hundredth of the largest number of all: an output that is zero but for rounding has no size of its own). An output of another shape, or a
 * missing one, is infinitely different. Inputs not given as numbers are drawn from a fixed seed; `chooseForms` says how nodes are written that can be
 * written in several ways.
 */
export async function difference(
  shapes: Readonly<Record<string, Shape>>,
  compute: Compute,
  given: Readonly<Record<string, Float32Array>> = {},
  chooseForms: (graph: Graph) => FormChoice = () => new Map(),
): Promise<number> {
  const data = Object.entries(shapes).map(
    ([name, shape], index) => [name, shape, given[name] ?? numbersFor(shape, index)] as const,
  );
  const graph = compile(shapes, compute);
  const { InferenceSession, Tensor } = await onnxRuntime();
  const session = await InferenceSession.create(emitModel(graph, { name: 'test', forms: chooseForms(graph) }), {
    logSeverityLevel: 4,
  });
  const results = await session.run(
    Object.fromEntries(data.map(([name, shape, numbers]) => [name, new Tensor('float32', numbers, shape)])),
  );
  await session.release();
  await tf.setBackend('cpu');
  return tf.tidy(() => {
    const expected = compute(
      Object.fromEntries(data.map(([name, shape, numbers]) => [name, tf.tensor(numbers.slice(), [...shape])])),
    );
    const largest = Math.max(...Object.values(expected).map(sizeOf));
    const differences = Object.entries(expected).map(([name, tensor]) => {
      const scale = Math.max(sizeOf(tensor), largest / 100, 1e-3);
      return absoluteDifference(tensor, results[name]) / scale;
    });
    return Math.max(...differences);
  });
}

const sizeOf = (tensor: tf.Tensor): number =>
  tensor.dataSync<'float32'>().reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function absoluteDifference(
  expected: tf.Tensor,
  got: { readonly dims: readonly number[]; readonly data: unknown } | undefined,
): number {
  if (got?.dims.join() !== expected.shape.join()) return Infinity;
  const ours = got.data as Float32Array;
  const theirs = expected.dataSync<'float32'>();
  return theirs.reduce((most, value, at) => Math.max(most, Math.abs(value - (ours[at] ?? NaN))), 0);
}
