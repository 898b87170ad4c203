import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** `log(1 + eˣ)` (Dugas et al. 2001), the smooth ReLU, range (0, ∞). */
export const softplus = defineLayer({
  id: 'softplus',
  title: 'Softplus',
  group: 'activation',
  help: 'A rounded ReLU whose results are always positive. Useful where a spread or a rate must come out.',
  settings: z.strictObject({}),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x) => tf.softplus(x),
});
