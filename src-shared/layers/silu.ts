import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** `x · σ(x)` (Elfwing, Uchibe and Doya 2018; “swish” in Ramachandran et al. 2017). */
export const silu = defineLayer({
  id: 'silu',
  title: 'SiLU',
  group: 'activation',
  help: 'A smooth ReLU that dips slightly below 0. Common in newer convolutional generators and in diffusion models.',
  settings: z.strictObject({}),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x) => tf.mul(x, tf.sigmoid(x)),
});
