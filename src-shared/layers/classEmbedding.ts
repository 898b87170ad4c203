import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';
import { ofClass } from '../recipe/labels';
import { spectralNorm, spectrallyNormalised, spectralWeights } from '../recipe/spectral';

/**
 * A learned vector of each class behind the numbers of the input (Mirza and Osindero 2014): `[N, I] → [N, I + size]`, and on a feature map as further
 * channels, the same at every place: `[N, H, W, C] → [N, H, W, C + size]`.
 */
export const classEmbedding = defineLayer({
  id: 'classEmbedding',
  title: 'Class embedding',
  group: 'join',
  conditional: true,
  help: 'Appends numbers that stand for the class, learned for each. At the beginning of a generator it joins them to the noise, so that the class says what and the noise says how; within a network it adds channels that say the class.',
  settings: z.strictObject({
    size: z
      .int()
      .min(1)
      .max(1024)
      .default(16)
      .meta({ title: 'Size', description: 'How many numbers stand for a class.', unit: 'numbers' }),
    initialDeviation: z.number().min(0).max(10).default(1).meta({
      title: 'Initial spread',
      description:
        'Standard deviation of the normal distribution that the classes’ numbers start from. 1 is that of normal noise.',
    }),
    spectralNorm,
  }),
  outputShape: (input, { size }) => [...input.slice(0, -1), (input.at(-1) ?? 0) + size],
  weights: (_input, { size, initialDeviation, spectralNorm }, classes) => ({
    embedding: {
      shape: [classes, size],
      init: { kind: 'normal', mean: 0, deviation: initialDeviation },
      role: 'trained',
    },
    ...spectralWeights(spectralNorm, size),
  }),
  apply: (tf, x, { embedding, direction }, _settings, context) => {
    const rows = ofClass(tf, spectrallyNormalised(tf, embedding as Tensor, direction, context), context, x.rank);
    const places = x.shape.slice(1, -1);
    const everywhere = places.length > 0 ? tf.mul(rows, tf.ones([1, ...places, 1])) : rows;
    return tf.concat([x, everywhere], x.rank - 1);
  },
});
