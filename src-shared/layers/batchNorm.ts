import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/**
 * Batch normalisation (Ioffe and Szegedy 2015): over all axes but the last. In training by the batch's own mean and variance,
 * which also move the running ones (`running ← running + momentum · (batch − running)`, variance unbiased, as in PyTorch);
 * in sampling by the running ones.
 */
export const batchNorm = defineLayer({
  id: 'batchNorm',
  title: 'Batch normalisation',
  group: 'normalisation',
  help: 'Brings each channel to mean 0 and spread 1 over the batch, then scales and shifts it by learned numbers. It steadies training; when sampling, the averages met in training are used instead of the batch’s.',
  settings: z.strictObject({
    momentum: z
      .number()
      .min(0.001)
      .max(1)
      .default(0.1)
      .meta({ title: 'Momentum', description: 'How fast the running averages follow the batch.' }),
    epsilon: z
      .number()
      .min(1e-8)
      .max(0.1)
      .default(1e-5)
      .meta({ title: 'Epsilon', description: 'Added to the variance so that nothing is divided by zero.' }),
    initialDeviation: z.number().min(0).max(1).default(0.02).meta({
      title: 'Initial spread of the scale',
      description: 'The scale starts from a normal distribution around 1 with this spread. DCGAN uses 0.02.',
    }),
  }),
  outputShape: (input) => input,
  weights: (input, { initialDeviation }) => {
    const shape = [input.at(-1) ?? 1];
    return {
      gamma: { shape, init: { kind: 'normal', mean: 1, deviation: initialDeviation }, role: 'trained' },
      beta: { shape, init: { kind: 'zeros' }, role: 'trained' },
      mean: { shape, init: { kind: 'zeros' }, role: 'running' },
      variance: { shape, init: { kind: 'ones' }, role: 'running' },
    };
  },
  apply: (tf, x, weights, { momentum, epsilon }, { mode, updateRunning }) => {
    const {
      gamma,
      beta,
      mean: runningMean,
      variance: runningVariance,
    } = weights as Record<'gamma' | 'beta' | 'mean' | 'variance', Tensor>;
    if (mode === 'sample') {
      const scale = tf.mul(tf.rsqrt(tf.add(runningVariance, epsilon)), gamma);
      return tf.add(tf.mul(tf.sub(x, runningMean), scale), beta);
    }
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const count = x.size / (x.shape.at(-1) ?? 1);
    const mean = tf.mean(x, axes);
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), axes);
    const follow = (running: Tensor, batch: Tensor) => tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum));
    updateRunning('mean', follow(runningMean, mean));
    updateRunning('variance', follow(runningVariance, tf.mul(variance, count / Math.max(1, count - 1))));
    return tf.add(tf.mul(centred, tf.mul(tf.rsqrt(tf.add(variance, epsilon)), gamma)), beta);
  },
});
