import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** `x` where positive, `slope · x` elsewhere (Maas et al. 2013). */
export const leakyRelu = defineLayer({
  id: 'leakyRelu',
  title: 'Leaky ReLU',
  group: 'activation',
  help: 'Like ReLU, but lets a fraction of the negative numbers through, so that gradients never die. The usual activation inside a discriminator.',
  settings: z.strictObject({
    slope: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.2)
      .meta({ title: 'Slope', description: 'Fraction of a negative number that passes.' }),
  }),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x, _weights, { slope }) => tf.leakyRelu(x, slope),
});
