import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';

/** `x` where positive, `α·(eˣ − 1)` elsewhere (Clevert, Unterthiner and Hochreiter 2016), range (−α, ∞). */
export const elu = defineLayer({
  id: 'elu',
  title: 'ELU',
  group: 'activation',
  help: 'Like ReLU for positive numbers; negative ones bend smoothly towards a floor, so no unit dies and the mean stays near 0.',
  settings: z.strictObject({
    alpha: z
      .number()
      .gt(0)
      .max(10)
      .default(1)
      .meta({ title: 'α', description: 'How far below 0 the floor for negative numbers lies.' }),
  }),
  outputShape: (input) => input,
  weights: () => ({}),
  apply: (tf, x, _weights, { alpha }) => {
    if (alpha === 1) return tf.elu(x);
    // TensorFlow.js knows α = 1 alone; x is max(0, x) + min(0, x), and ELU bends the second part.
    const negative = tf.neg(tf.relu(tf.neg(x)));
    return tf.add(tf.relu(x), tf.mul(tf.elu(negative), alpha));
  },
});
