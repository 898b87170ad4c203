import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Shape, Tf, WeightSpec } from './layerKind';

/** The setting that all normalisations share. */
export const epsilon = z
  .number()
  .min(1e-8)
  .max(0.1)
  .default(1e-5)
  .meta({ title: 'Epsilon', description: 'Added to the variance so that nothing is divided by zero.' });

/** The setting of those that may do without learned numbers. */
export const affine = z.boolean().default(true).meta({
  title: 'Scale and shift',
  description: 'Scales and shifts each channel by learned numbers afterwards.',
});

/** One learned scale (1 at first) and shift (0 at first) for each channel; none where not wanted. */
export function scaleAndShift(input: Shape, wanted: boolean): Readonly<Record<string, WeightSpec>> {
  if (!wanted) return {};
  const shape = [input.at(-1) ?? 1];
  return {
    gamma: { shape, init: { kind: 'ones' }, role: 'trained' },
    beta: { shape, init: { kind: 'zeros' }, role: 'trained' },
  };
}

/** `x` with mean 0 and variance 1 over `axes`, the variance biased as everywhere in normalisation layers. */
export function standardised(tf: Tf, x: Tensor, axes: number[], epsilon: number): Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const variance = tf.mean(tf.square(centred), axes, true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
}

/** What {@link scaleAndShift}'s weights do; without them `x` stays. */
export function scaledAndShifted(tf: Tf, x: Tensor, { gamma, beta }: Readonly<Record<string, Tensor>>): Tensor {
  return gamma && beta ? tf.add(tf.mul(x, gamma), beta) : x;
}
