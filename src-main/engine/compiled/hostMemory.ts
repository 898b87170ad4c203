import { Ema } from '../../gan/ema';
import type { EngineOptions } from '../engine';
import { onnxRuntime } from './runtime';
import { ModelSession } from './session';
import { after, averageName, REPORT, type StepModel } from './stepModel';
import type { StepMemory, Tensors, Vectors } from './stepMemory';

/**
 * The state in this process's own memory, in two sets of buffers: a step reads one and writes the other, so nothing is allocated and a step that fails
 * leaves the state as it was. The average of G follows it here, which is one pass over its weights.
 */
export async function openHostMemory(model: StepModel, vectors: Vectors, options: EngineOptions): Promise<StepMemory> {
  const { Tensor } = await onnxRuntime();
  const session = await ModelSession.load(model.bytes, options);
  const average = averageOf(vectors);
  const buffers = (make: (vector: Float32Array) => Float32Array): Tensors =>
    Object.fromEntries(
      model.ports.map(({ name, size }) => [
        name,
        new Tensor('float32', make(vectors[name] ?? new Float32Array(size)), [size]),
      ]),
    );
  let now = buffers((vector) => vector.slice());
  let next = buffers((vector) => new Float32Array(vector.length));
  const report = new Tensor('float32', new Float32Array(model.reportSize), [model.reportSize]);
  const vector = (name: string) => now[name]?.data as Float32Array | undefined;

  return {
    async step(inputs, emaKept) {
      const outputs = Object.entries(next).map(([name, tensor]) => [after(name), tensor] as const);
      await session.run({ ...now, ...inputs }, { ...Object.fromEntries(outputs), [REPORT]: report });
      [now, next] = [next, now];
      average?.follow(
        { weights: vector('generator.weights') ?? NONE, running: vector('generator.running') ?? NONE },
        emaKept,
      );
      return report.data;
    },
    read(name) {
      const part = (['weights', 'running'] as const).find((candidate) => averageName(candidate) === name);
      return Promise.resolve(part ? average?.read()[part] : vector(name)?.slice());
    },
    close: () => session.release(),
  };
}

const NONE = new Float32Array(0);

function averageOf(vectors: Vectors): Ema | undefined {
  const weights = vectors[averageName('weights')];
  return weights && new Ema({ weights, running: vectors[averageName('running')] ?? NONE });
}
