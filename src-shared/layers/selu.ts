import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** ELU scaled so that mean 0 and spread 1 reproduce themselves (Klambauer et al. 2017): λ ≈ 1.0507, α ≈ 1.6733. */
export const selu = defineLayer({
  id: 'selu',
  title: 'SELU',
  group: 'activation',
  help: 'A scaled ELU that keeps activations near mean 0 and spread 1 by itself. Meant for dense networks without normalisation layers.',
  settings: z.strictObject({}),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x) => tf.selu(x),
});
