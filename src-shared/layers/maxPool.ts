import { defineLayer } from '../recipe/layerKind';
import { slidesOf } from '../recipe/convolution';
import { asPlaces, edgeOutside, takePlaces, windowTable } from '../recipe/places';
import { pooledShape, poolingSettings, windowOf } from '../recipe/pooling';

/** Max pooling: `[N, H, W, C] → [N, H', W', C]`, the largest number of each window; of equal ones the first gets the gradient. */
export const maxPool = defineLayer({
  id: 'maxPool',
  title: 'Max pooling',
  group: 'shape',
  help: 'Keeps the largest number of each small window: whether a pattern was found there, not quite where. DCGAN advises strided convolutions instead, which learn how to shrink.',
  settings: poolingSettings,
  outputShape: (input, settings) => pooledShape(input, settings, 'Max pooling'),
  weights: () => ({}),
  apply: (tf, x, _weights, settings) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    const { rows, columns } = slidesOf(height, width, windowOf(settings));
    // Outside, a window sees its own nearest pixel once more, which changes no maximum.
    const covered = takePlaces(tf, asPlaces(tf, x), windowTable(rows, columns, edgeOutside(rows, columns)));
    const largest = tf.split(covered, rows.kernel * columns.kernel, 1).reduce((most, place) => tf.maximum(most, place));
    return tf.reshape(largest, [batch, rows.outSide, columns.outSide, channels]);
  },
});
