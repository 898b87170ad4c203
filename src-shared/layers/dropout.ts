import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** Dropout (Srivastava et al. 2014), inverted: in training a share of the numbers becomes 0 and the rest grows by as much; in sampling the identity. */
export const dropout = defineLayer({
  id: 'dropout',
  title: 'Dropout',
  group: 'regularisation',
  help: 'While training, sets a random share of the numbers to 0, other ones in each step, so that a discriminator cannot lean on single details or learn few pictures by heart. When sampling it does nothing.',
  settings: z.strictObject({
    rate: z
      .number()
      .min(0)
      .max(0.95)
      .default(0.5)
      .meta({ title: 'Rate', description: 'Share of the numbers that is dropped; 0.3 to 0.5 in a discriminator.' }),
  }),
  outputShape: (input) => input,
  weights: () => ({}),
  noise: (input) => ({ shape: input, distribution: 'uniform' }),
  apply: (tf, x, _weights, { rate }, { mode, noise }) => {
    if (mode === 'sample' || !noise) return tf.clone(x);
    // The noise is uniform in −1 … 1: a share of `rate` lies below this.
    const threshold = 2 * rate - 1;
    return tf.mul(x, tf.mul(tf.step(tf.sub(noise, threshold)), 1 / (1 - rate)));
  },
});
