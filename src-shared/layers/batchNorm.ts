import type { Tensor } from '@tensorflow/tfjs-core';
import { batchNormSettings, centredByStatistics, runningStatistics } from '../recipe/batchStatistics';
import { defineLayer } from '../recipe/layerKind';

/**
 * Batch normalisation (Ioffe and Szegedy 2015): over all axes but the last, then a learned scale and shift of each channel.
 */
export const batchNorm = defineLayer({
  id: 'batchNorm',
  title: 'Batch normalisation',
  group: 'normalisation',
  mixesBatch: true,
  help: 'Brings each channel to mean 0 and spread 1 over the batch, then scales and shifts it by learned numbers. It steadies training; when sampling, the averages met in training are used instead of the batch’s.',
  settings: batchNormSettings,
  outputShape: (input) => input,
  weights: (input, { initialDeviation }) => {
    const shape = [input.at(-1) ?? 1];
    return {
      gamma: { shape, init: { kind: 'normal', mean: 1, deviation: initialDeviation }, role: 'trained' },
      beta: { shape, init: { kind: 'zeros' }, role: 'trained' },
      ...runningStatistics(input),
    };
  },
  apply: (tf, x, weights, settings, context) => {
    const { gamma, beta } = weights as Record<'gamma' | 'beta', Tensor>;
    const { centred, inverseSpread } = centredByStatistics(tf, x, weights, settings, context);
    return tf.add(tf.mul(centred, tf.mul(inverseSpread, gamma)), beta);
  },
});
