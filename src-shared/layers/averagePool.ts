import { slidesOf } from '../recipe/convolution';
import { defineLayer } from '../recipe/layerKind';
import { pooledShape, poolingSettings, windowOf } from '../recipe/pooling';
import { inTiles, resampled, windowMeans } from '../recipe/resampling';

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
    const { rows, columns } = slidesOf(height, width, windowOf(settings));
    if (inTiles(rows, columns)) {
      const tiled = [batch, rows.outSide, rows.kernel, columns.outSide, columns.kernel, channels];
      return tf.mean(tf.reshape(x, tiled), [2, 4]);
    }
    return resampled(tf, x, windowMeans(rows), windowMeans(columns));
  },
});
