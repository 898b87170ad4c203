import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** Hyperbolic tangent, range (−1, 1). */
export const tanh = defineLayer({
  id: 'tanh',
  title: 'Tanh',
  group: 'activation',
  help: 'Squeezes numbers into −1 … 1, the range of the training pictures. The usual last layer of a generator.',
  settings: z.strictObject({}),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x) => tf.tanh(x),
});
