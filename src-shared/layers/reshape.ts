import { z } from 'zod';
import { defineLayer, describeShape, LayerMisfit, shapeSize } from '../recipe/layerKind';

const side = (title: string, description: string, initial: number) =>
  z.int().min(1).max(65_536).default(initial).meta({ title, description });

/** Same numbers, another shape: `[N, ...] → [N, height, width, channels]`, row by row with channels last. */
export const reshape = defineLayer({
  id: 'reshape',
  title: 'Reshape',
  group: 'shape',
  help: 'Lays the numbers of a vector out as a feature map: height × width × channels. Nothing is learned here.',
  settings: z.strictObject({
    height: side('Height', 'Rows of the feature map.', 4),
    width: side('Width', 'Columns of the feature map.', 4),
    channels: side('Channels', 'Numbers at each place.', 128),
  }),
  outputShape: (input, { height, width, channels }) => {
    const output = [height, width, channels];
    if (shapeSize(input) !== shapeSize(output)) {
      throw new LayerMisfit(
        `Reshape to ${describeShape(output)} needs ${shapeSize(output)} numbers, but gets ${shapeSize(input)}`,
        `Give the layer before it ${shapeSize(output)} outputs, or change the shape`,
      );
    }
    return output;
  },
  weights: () => ({}),
  apply: (tf, x, _weights, { height, width, channels }) => tf.reshape(x, [x.shape[0] ?? 1, height, width, channels]),
});
