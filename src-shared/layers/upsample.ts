import { z } from 'zod';
import { defineLayer, featureMap } from '../recipe/layerKind';
import { interpolation, resampled } from '../recipe/resampling';

/** Upsampling without weights by a whole factor: `[N, H, W, C] → [N, f·H, f·W, C]`. */
export const upsample = defineLayer({
  id: 'upsample',
  title: 'Upsampling',
  group: 'shape',
  help: 'Makes the picture larger by repeating pixels or by blending between them. With a convolution behind it, it enlarges without the checkerboard that transposed convolutions can leave.',
  settings: z.strictObject({
    factor: z
      .int()
      .min(2)
      .max(8)
      .default(2)
      .meta({ title: 'Factor', description: 'How many times larger each side becomes.', unit: '×' }),
    method: z.enum(['nearest', 'bilinear']).default('nearest').meta({
      title: 'Method',
      description: 'Nearest repeats each pixel as a square; bilinear blends between neighbouring pixels.',
    }),
  }),
  outputShape: (input, { factor }) => {
    const [height, width, channels] = featureMap(input, 'Upsampling');
    return [height * factor, width * factor, channels];
  },
  weights: () => ({}),
  apply: (tf, x, _weights, { factor, method }) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    if (method === 'bilinear') return resampled(tf, x, interpolation(height, factor), interpolation(width, factor));
    const pixels = tf.reshape(x, [batch, height, 1, width, 1, channels]);
    const repeated = tf.mul(pixels, tf.ones([1, 1, factor, 1, factor, 1]));
    return tf.reshape(repeated, [batch, height * factor, width * factor, channels]);
  },
});
