import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { convolutionSettings, tfWindow, transposedSides, windowSides } from '../recipe/convolution';
import { kernelInit } from '../recipe/initializers';
import { defineLayer, featureMap } from '../recipe/layerKind';
import { spectrallyNormalised, spectralWeights } from '../recipe/spectral';

/**
 * Transposed convolution, channels last: `[N, H, W, C] → [N, H', W', filters]`, kernel `[k, k', filters, C]`. It has no `outside`: it stamps and never reads
 * beyond its input, and its padding takes pixels of the result away instead of adding any, so there is nothing to mirror (PyTorch refuses it as well: “Only
 * "zeros" padding mode is supported for ConvTranspose2d”).
 */
export const conv2dTranspose = defineLayer({
  id: 'conv2dTranspose',
  title: 'Transposed convolution',
  group: 'convolution',
  help: 'Learned upsampling: each input pixel stamps a pattern onto a larger picture. A kernel that the stride divides (4 with stride 2) avoids checkerboard artefacts.',
  settings: convolutionSettings,
  outputShape: (input, settings) => {
    const [height, width] = featureMap(input, 'Transposed convolution');
    return [...transposedSides(height, width, settings), settings.filters];
  },
  weights: (input, settings) => {
    const { filters, useBias, spectralNorm } = settings;
    const { rows, columns } = windowSides(settings);
    const channels = featureMap(input, 'Transposed convolution')[2];
    // Only every stride-th weight along each side meets an output pixel.
    const met = (rows.kernel / rows.stride) * (columns.kernel / columns.stride);
    const init = kernelInit(settings, met * channels, rows.kernel * columns.kernel * filters);
    return {
      kernel: { shape: [rows.kernel, columns.kernel, filters, channels], init, role: 'trained' },
      ...(useBias ? { bias: { shape: [filters], init: { kind: 'zeros' }, role: 'trained' } as const } : {}),
      ...spectralWeights(spectralNorm, channels),
    };
  },
  apply: (tf, x, { kernel, bias, direction }, settings, context) => {
    const [batch = 1, height = 1, width = 1] = x.shape;
    const { strides, pad } = tfWindow(settings);
    const output = tf.conv2dTranspose(
      x as Tensor4D,
      spectrallyNormalised(tf, kernel as Tensor, direction, context) as Tensor4D,
      [batch, ...transposedSides(height, width, settings), settings.filters],
      strides,
      pad,
    );
    return bias ? tf.add(output, bias) : output;
  },
});
