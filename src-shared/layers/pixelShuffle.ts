import { z } from 'zod';
import { defineLayer, featureMap, LayerMisfit } from '../recipe/layerKind';
import { takePlaces } from '../recipe/places';

/**
 * Pixel shuffle (Shi et al. 2016): r² groups of channels become a square of r×r pixels, `[N, H, W, r²·C] → [N, r·H, r·W, C]`. The group of row i and
 * column j has channels `(i·r + j)·C …`, TensorFlow's depth_to_space.
 */
export const pixelShuffle = defineLayer({
  id: 'pixelShuffle',
  title: 'Pixel shuffle',
  group: 'shape',
  help: 'Lays groups of channels out as neighbouring pixels: the picture grows and channels become fewer, without any weights. With a convolution before it, that is learned upsampling.',
  settings: z.strictObject({
    factor: z
      .int()
      .min(2)
      .max(8)
      .default(2)
      .meta({ title: 'Factor', description: 'How many times larger each side becomes.', unit: '×' }),
  }),
  outputShape: (input, { factor }) => {
    const [height, width, channels] = featureMap(input, 'Pixel shuffle');
    if (channels % factor ** 2 !== 0) {
      throw new LayerMisfit(
        `Pixel shuffle by ${factor} needs channels in multiples of ${factor ** 2}, but gets ${channels}`,
        `Give the layer before it a multiple of ${factor ** 2} filters`,
      );
    }
    return [height * factor, width * factor, channels / factor ** 2];
  },
  weights: () => ({}),
  apply: (tf, x, _weights, { factor }) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    const places = height * width * factor ** 2;
    const outChannels = channels / factor ** 2;
    const table = Int32Array.from({ length: places }, (_, place) => {
      const [row, column] = [Math.floor(place / (width * factor)), place % (width * factor)];
      const pixel = Math.floor(row / factor) * width + Math.floor(column / factor);
      return (pixel * factor + (row % factor)) * factor + (column % factor);
    });
    const shuffled = takePlaces(tf, tf.reshape(x, [batch, places, outChannels]), table);
    return tf.reshape(shuffled, [batch, height * factor, width * factor, outChannels]);
  },
});
