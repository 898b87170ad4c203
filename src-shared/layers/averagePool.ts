import { slideOf } from '../recipe/convolution';
import { defineLayer } from '../recipe/layerKind';
import { pooledShape, poolingSettings, windowOf } from '../recipe/pooling';
import { resampled, windowMeans } from '../recipe/resampling';

/** Average pooling: `[N, H, W, C] → [N, H', W', C]`, the mean of each window's pixels; padding does not count. */
export const averagePool = defineLayer({
  id: 'averagePool',
  title: 'Average pooling',
  group: 'shape',
  help: 'Each small window becomes its mean: the picture shrinks and fine detail goes. Residual discriminators shrink this way, behind a convolution.',
  settings: poolingSettings,
  outputShape: (input, settings) => pooledShape(input, settings, 'Average pooling'),
  weights: () => ({}),
  apply: (tf, x, _weights, settings) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    const { size, stride } = settings;
    if (size === stride && height % size === 0 && width % size === 0) {
      const tiles = tf.reshape(x, [batch, height / size, size, width / size, size, channels]);
      return tf.mean(tiles, [2, 4]);
    }
    const means = (side: number) => windowMeans(slideOf(side, windowOf(settings)));
    return resampled(tf, x, means(height), means(width));
  },
});
