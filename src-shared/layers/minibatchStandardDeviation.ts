import { z } from 'zod';
import { defineLayer, featureMap } from '../recipe/layerKind';

/** Added to the variance, as in StyleGAN2. */
const EPSILON = 1e-8;

/**
 * Minibatch standard deviation (Karras et al. 2018, section 3): one more channel that holds, for each group of pictures, how much they differ:
 * `[N, H, W, C] → [N, H, W, C + 1]`. Groups as in StyleGAN2; where the size does not divide the batch, the largest one below that does.
 */
export const minibatchStandardDeviation = defineLayer({
  id: 'minibatchStandardDeviation',
  title: 'Minibatch standard deviation',
  group: 'regularisation',
  mixesBatch: true,
  onlyIn: 'discriminator',
  help: 'Tells the discriminator how much the pictures of a batch differ from each other, as one more channel. A generator that paints the same picture again and again is found out: a remedy against mode collapse. It belongs near the end.',
  settings: z.strictObject({
    groupSize: z
      .int()
      .min(2)
      .max(64)
      .default(4)
      .meta({ title: 'Group', description: 'How many pictures are compared with each other.', unit: 'pictures' }),
  }),
  outputShape: (input) => {
    const [height, width, channels] = featureMap(input, 'Minibatch standard deviation');
    return [height, width, channels + 1];
  },
  weights: () => ({}),
  apply: (tf, x, _weights, { groupSize }) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    const size = largestDivisor(batch, groupSize);
    const grouped = tf.reshape(x, [size, batch / size, height, width, channels]);
    const variance = tf.mean(tf.square(tf.sub(grouped, tf.mean(grouped, 0, true))), 0);
    const spread = tf.mean(tf.sqrt(tf.add(variance, EPSILON)), [1, 2, 3]);
    const channel = tf.mul(tf.reshape(spread, [1, batch / size, 1, 1, 1]), tf.ones([size, 1, height, width, 1]));
    return tf.concat([x, tf.reshape(channel, [batch, height, width, 1])], 3);
  },
});

function largestDivisor(of: number, atMost: number): number {
  for (let divisor = Math.min(of, atMost); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}
