import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** `1 / (1 + e^−x)`, range (0, 1). */
export const sigmoid = defineLayer({
  id: 'sigmoid',
  title: 'Sigmoid',
  group: 'activation',
  help: 'Squeezes numbers into 0 … 1, a probability. Losses here take the number before it, so a discriminator needs none at its end.',
  settings: z.strictObject({}),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x) => tf.sigmoid(x),
});
