import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { PassContext, Tf, WeightSpec } from './layerKind';

/** The setting of layers with a kernel. */
export const spectralNorm = z.boolean().default(false).meta({
  title: 'Spectral normalisation',
  description:
    'Divides the weights by their largest stretch, so that the layer cannot amplify. It keeps a discriminator steady.',
});

/** Adds to the stretch's estimate so that a kernel of zeros is not divided by zero. */
const TINY = 1e-12;

/** The estimate of the direction that the kernel stretches most, moved along with training; `units` is the kernel's last side. */
export function spectralWeights(wanted: boolean, units: number): Readonly<Record<string, WeightSpec>> {
  return wanted
    ? { direction: { shape: [units], init: { kind: 'normal', mean: 0, deviation: 1 }, role: 'running' } }
    : {};
}

/** The same for each of a layer's weights, by the length of their last sides: the estimate of `query` is `queryDirection`. */
export function spectralWeightsOf(
  wanted: boolean,
  units: Readonly<Record<string, number>>,
): Readonly<Record<string, WeightSpec>> {
  const directions = Object.entries(units).flatMap(([weight, length]) =>
    Object.values(spectralWeights(wanted, length)).map((spec) => [directionOf(weight), spec] as const),
  );
  return Object.fromEntries(directions);
}

const directionOf = (weight: string): string => `${weight}Direction`;

/** A layer's weights, those normalised that have an estimate of {@link spectralWeightsOf}. */
export function normalisedWeights(
  tf: Tf,
  weights: Readonly<Record<string, Tensor>>,
  context: PassContext,
): Readonly<Record<string, Tensor>> {
  const normalised = Object.entries(weights).map(([name, weight]) => {
    const direction = directionOf(name);
    return [name, spectrallyNormalised(tf, weight, weights[direction], context, direction)] as const;
  });
  return Object.fromEntries(normalised);
}

/**
 * Spectral normalisation (Miyato et al. 2018, algorithm 1): the kernel, seen as a matrix `[everything else, last side]`, divided by its largest singular
 * value, which one power iteration a training pass follows. The singular vectors count as constants in the gradient, as in the paper. For a
 * transposed convolution `[k, k, filters, C]` that matrix is what an input pixel is stamped with. Without a direction the kernel stays. `name` is the direction's.
 */
export function spectrallyNormalised(
  tf: Tf,
  kernel: Tensor,
  direction: Tensor | undefined,
  { mode, updateRunning }: PassContext,
  name = 'direction',
): Tensor {
  if (!direction) return kernel;
  const units = kernel.shape.at(-1) ?? 1;
  const matrix = tf.reshape(kernel, [kernel.size / units, units]) as Tensor2D;
  const constant = constantOf(tf, matrix);
  let right = normalised(tf, tf.reshape(direction, [units, 1]));
  const left = normalised(tf, tf.matMul(constant, right as Tensor2D));
  if (mode === 'train') {
    right = normalised(tf, tf.matMul(constant, left as Tensor2D, true));
    updateRunning(name, tf.reshape(right, [units]));
  }
  const stretch = tf.sum(tf.mul(left, tf.matMul(matrix, right as Tensor2D)));
  return tf.div(kernel, tf.add(stretch, TINY));
}

const normalised = (tf: Tf, vector: Tensor): Tensor =>
  tf.mul(vector, tf.rsqrt(tf.add(tf.sum(tf.square(vector)), TINY)));

/** The same numbers, cut off the tape. */
const constantOf = (tf: Tf, x: Tensor2D): Tensor2D =>
  tf.customGrad((y) => ({ value: tf.clone(y as Tensor), gradFunc: () => tf.zerosLike(x) }))(x) as Tensor2D;
