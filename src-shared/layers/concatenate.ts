import { z } from 'zod';
import { defineJoin, describeShape, LayerMisfit } from '../recipe/layerKind';

/** The channels of several layers behind each other: `[N, H, W, C₁], [N, H, W, C₂] → [N, H, W, C₁ + C₂]`; vectors likewise. */
export const concatenate = defineJoin({
  id: 'concatenate',
  title: 'Concatenate',
  group: 'join',
  joins: true,
  help: 'Puts the channels of two or more layers behind each other, so that the next layer sees both. The usual skip connection of a U-Net.',
  settings: z.strictObject({}),
  outputShape: (inputs) => {
    const [first] = inputs;
    if (!first || inputs.length < 2) {
      throw new LayerMisfit('Concatenate needs two inputs or more, but gets one', 'Name a second layer as its input');
    }
    const places = first.slice(0, -1);
    const other = inputs.find((shape) => shape.slice(0, -1).join() !== places.join());
    if (other) {
      throw new LayerMisfit(
        `Concatenate needs inputs of one resolution, but gets ${describeShape(first)} and ${describeShape(other)}`,
        'Bring them to one resolution first, for instance by upsampling or pooling one of them',
      );
    }
    return [...places, inputs.reduce((sum, shape) => sum + (shape.at(-1) ?? 0), 0)];
  },
  weights: () => ({}),
  apply: (tf, xs) => tf.concat([...xs], (xs[0]?.rank ?? 1) - 1),
});
