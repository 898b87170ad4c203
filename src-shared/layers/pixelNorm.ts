import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** Pixelwise feature vector normalisation (Karras et al. 2018, section 4.2): each pixel's channels brought to mean square 1. */
export const pixelNorm = defineLayer({
  id: 'pixelNorm',
  title: 'Pixel normalisation',
  group: 'normalisation',
  help: 'Scales the channels of each pixel to one common length, so that numbers in a generator cannot grow without bound. Nothing is learned; Progressive GAN puts it behind every convolution of the generator.',
  settings: z.strictObject({
    epsilon: z
      .number()
      .min(1e-10)
      .max(0.1)
      .default(1e-8)
      .meta({ title: 'Epsilon', description: 'Added to the mean square so that nothing is divided by zero.' }),
  }),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x, _weights, { epsilon }) => {
    const meanSquare = tf.mean(tf.square(x), x.rank - 1, true);
    return tf.mul(x, tf.rsqrt(tf.add(meanSquare, epsilon)));
  },
});
