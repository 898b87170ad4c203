import { z } from 'zod';
import { defineLayer, featureMap } from '../recipe/layerKind';

/** The mean of each channel over all pixels (Lin, Chen and Yan 2014): `[N, H, W, C] → [N, C]`. */
export const globalAveragePool = defineLayer({
  id: 'globalAveragePool',
  title: 'Global average pooling',
  group: 'shape',
  help: 'Each channel becomes one number, its mean over the whole picture. It leads from a feature map to a vector without weights and at any resolution.',
  settings: z.strictObject({}),
  outputShape: (input) => [featureMap(input, 'Global average pooling')[2]],
  weights: () => ({}),
  apply: (tf, x) => tf.mean(x, [1, 2]),
});
