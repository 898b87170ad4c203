import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { epsilon } from './normalisation';
import type { PassContext, Shape, Tf, WeightSpec } from './layerKind';

/** The settings that layers with a batch's statistics share. */
export const batchNormSettings = z.strictObject({
  momentum: z
    .number()
    .min(0.001)
    .max(1)
    .default(0.1)
    .meta({ title: 'Momentum', description: 'How fast the running averages follow the batch.' }),
  epsilon,
  initialDeviation: z.number().min(0).max(1).default(0.02).meta({
    title: 'Initial spread of the scale',
    description: 'The scale starts from a normal distribution around 1 with this spread. DCGAN uses 0.02.',
  }),
});

/** Mean and variance of each channel, as met in training. */
export function runningStatistics(input: Shape): Readonly<Record<'mean' | 'variance', WeightSpec>> {
  const shape = [input.at(-1) ?? 1];
  return {
    mean: { shape, init: { kind: 'zeros' }, role: 'running' },
    variance: { shape, init: { kind: 'ones' }, role: 'running' },
  };
}

/**
 * `x` without its mean over all axes but the last, and what to multiply it with for a variance of 1, `[C]`. In training by the batch's own mean and
 * variance, which also move the running ones (`running ← running + momentum · (batch − running)`, variance unbiased, as in PyTorch); in sampling
 * by the running ones.
 */
export function centredByStatistics(
  tf: Tf,
  x: Tensor,
  weights: Readonly<Record<string, Tensor>>,
  { momentum, epsilon }: z.output<typeof batchNormSettings>,
  { mode, updateRunning }: PassContext,
): { readonly centred: Tensor; readonly inverseSpread: Tensor } {
  const { mean: runningMean, variance: runningVariance } = weights as Record<'mean' | 'variance', Tensor>;
  if (mode === 'sample') {
    return { centred: tf.sub(x, runningMean), inverseSpread: tf.rsqrt(tf.add(runningVariance, epsilon)) };
  }
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const count = x.size / (x.shape.at(-1) ?? 1);
  const mean = tf.mean(x, axes);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), axes);
  const follow = (running: Tensor, batch: Tensor) => tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum));
  updateRunning('mean', follow(runningMean, mean));
  updateRunning('variance', follow(runningVariance, tf.mul(variance, count / Math.max(1, count - 1))));
  return { centred, inverseSpread: tf.rsqrt(tf.add(variance, epsilon)) };
}
