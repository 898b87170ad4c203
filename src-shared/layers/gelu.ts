import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** `x · Φ(x)`, Φ the normal distribution (Hendrycks and Gimpel 2016), exact by the error function. */
export const gelu = defineLayer({
  id: 'gelu',
  title: 'GELU',
  group: 'activation',
  help: 'Weighs each number by how large it is among normal ones: a smooth ReLU. The usual activation of transformers.',
  settings: z.strictObject({}),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
});
