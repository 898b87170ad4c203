import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** `max(0, x)`. */
export const relu = defineLayer({
  id: 'relu',
  title: 'ReLU',
  group: 'activation',
  help: 'Keeps positive numbers and makes negative ones 0. The usual activation inside a generator.',
  settings: z.strictObject({}),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x) => tf.relu(x),
});
