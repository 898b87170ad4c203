import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** Instance noise (Sønderby et al. 2017; Arjovsky and Bottou 2017) or noise between layers: adds N(0, deviation) in training; in sampling the identity. */
export const gaussianNoise = defineLayer({
  id: 'gaussianNoise',
  title: 'Gaussian noise',
  group: 'regularisation',
  help: 'While training, adds random numbers to its input. As the first layer of a discriminator it blurs the difference between real and generated pictures, so that it does not win too early. When sampling it does nothing.',
  settings: z.strictObject({
    deviation: z
      .number()
      .min(0)
      .max(2)
      .default(0.1)
      .meta({ title: 'Spread', description: 'Standard deviation of what is added; pictures span −1 to 1.' }),
  }),
  outputShape: (input) => input,
  weights: () => ({}),
  noise: (input) => ({ shape: input, distribution: 'normal' }),
  apply: (tf, x, _weights, { deviation }, { mode, noise }) =>
    mode === 'sample' || !noise ? tf.clone(x) : tf.add(x, tf.mul(noise, deviation)),
});
