import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { initialDeviation, weightInit } from '../recipe/initializers';
import { defineLayer, featureMap, LayerMisfit } from '../recipe/layerKind';
import { normalisedWeights, spectralNorm, spectralWeightsOf } from '../recipe/spectral';

/** Every pixel looks at every other: their pairs grow with the fourth power of the side. */
const MAX_PIXELS = 64 * 64;

const matched = (channels: number, reduction: number): number => Math.max(1, Math.floor(channels / reduction));

/**
 * Self-attention of SAGAN (Zhang et al. 2019, section 3): `x + γ · o`, where o of a pixel is a mean of all pixels' values, weighted by how well their
 * keys match its query (softmax of the products). γ begins at 0, so the layer begins as the identity. `[N, H, W, C] → [N, H, W, C]`.
 */
export const selfAttention = defineLayer({
  id: 'selfAttention',
  title: 'Self-attention',
  group: 'convolution',
  help: 'Lets every pixel look at all others and take up what fits, so that distant parts of a picture agree. It is costly: put one at 16 × 16 or 32 × 32, in both networks.',
  settings: z.strictObject({
    reduction: z.int().min(1).max(16).default(8).meta({
      title: 'Reduction',
      description: 'Pixels are compared by the number of channels divided by this; SAGAN uses 8.',
    }),
    initialDeviation,
    spectralNorm,
  }),
  outputShape: (input) => {
    const [height, width] = featureMap(input, 'Self-attention');
    if (height * width > MAX_PIXELS) {
      throw new LayerMisfit(
        `Self-attention on ${height} × ${width} would compare ${((height * width) ** 2).toLocaleString('en')} pairs of pixels`,
        'Put it where the picture is 64 × 64 or smaller',
      );
    }
    return input;
  },
  weights: (input, { reduction, initialDeviation, spectralNorm }) => {
    const channels = featureMap(input, 'Self-attention')[2];
    const [few, half] = [matched(channels, reduction), matched(channels, 2)];
    const matrix = (from: number, to: number) =>
      ({ shape: [from, to], init: weightInit(initialDeviation), role: 'trained' }) as const;
    return {
      query: matrix(channels, few),
      key: matrix(channels, few),
      value: matrix(channels, half),
      output: matrix(half, channels),
      gamma: { shape: [1], init: { kind: 'zeros' }, role: 'trained' },
      ...spectralWeightsOf(spectralNorm, { query: few, key: few, value: half, output: channels }),
    };
  },
  apply: (tf, x, weights, _settings, context) => {
    const { query, key, value, output, gamma } = normalisedWeights(tf, weights, context) as Record<string, Tensor2D>;
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    const pixels = tf.reshape(x, [batch * height * width, channels]) as Tensor2D;
    const seenAs = (matrix: Tensor2D | undefined): Tensor =>
      tf.reshape(tf.matMul(pixels, matrix as Tensor2D), [batch, height * width, matrix?.shape[1] ?? 1]);
    // [N, queries, keys]
    const attention = tf.softmax(tf.matMul(seenAs(query), seenAs(key), false, true));
    const gathered = tf.matMul(attention, seenAs(value));
    const flat = tf.reshape(gathered, [batch * height * width, output?.shape[0] ?? 1]) as Tensor2D;
    const taken = tf.reshape(tf.matMul(flat, output as Tensor2D), x.shape);
    return tf.add(x, tf.mul(taken, gamma as Tensor));
  },
});
