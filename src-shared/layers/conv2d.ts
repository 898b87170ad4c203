import type { Tensor4D } from '@tensorflow/tfjs-core';
import { convolutionSettings, convolvedSide } from '../recipe/convolution';
import { weightInit } from '../recipe/initializers';
import { defineLayer, featureMap } from '../recipe/layerKind';

/** Convolution, channels last: `[N, H, W, C] → [N, H', W', filters]`, kernel `[k, k, C, filters]`. */
export const conv2d = defineLayer({
  id: 'conv2d',
  title: 'Convolution',
  group: 'convolution',
  help: 'Slides learned patterns over the picture and notes where each is found. With stride 2 it also halves the resolution, which is how a discriminator looks at ever larger parts.',
  settings: convolutionSettings,
  outputShape: (input, settings) => {
    const [height, width] = featureMap(input, 'Convolution');
    return [convolvedSide(height, settings), convolvedSide(width, settings), settings.filters];
  },
  weights: (input, { filters, kernel, useBias, initialDeviation }) => {
    const channels = featureMap(input, 'Convolution')[2];
    return {
      kernel: { shape: [kernel, kernel, channels, filters], init: weightInit(initialDeviation), role: 'trained' },
      ...(useBias ? { bias: { shape: [filters], init: { kind: 'zeros' }, role: 'trained' } as const } : {}),
    };
  },
  apply: (tf, x, { kernel, bias }, { stride, padding }) => {
    const output = tf.conv2d(x as Tensor4D, kernel as Tensor4D, stride, padding);
    return bias ? tf.add(output, bias) : output;
  },
});
