import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** The identity. */
export const linear = defineLayer({
  id: 'linear',
  title: 'Linear',
  group: 'activation',
  help: 'Passes numbers on unchanged. It gives a place in the network a name that other layers can take as their input, and shows an output without activation.',
  settings: z.strictObject({}),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x) => tf.clone(x),
});
