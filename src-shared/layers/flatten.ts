import { z } from 'zod';
import { defineLayer, shapeSize } from '../recipe/layerKind';

/** A feature map as one vector: `[N, H, W, C] → [N, H·W·C]`. */
export const flatten = defineLayer({
  id: 'flatten',
  title: 'Flatten',
  group: 'shape',
  help: 'Lines the numbers of a feature map up as one vector, so that a dense layer can take them. Nothing is learned here.',
  settings: z.strictObject({}),
  outputShape: (input) => [shapeSize(input)],
  weights: () => ({}),
  apply: (tf, x) => tf.reshape(x, [x.shape[0] ?? 1, shapeSize(x.shape.slice(1))]),
});
