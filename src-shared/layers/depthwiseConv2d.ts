import type { Tensor } from '@tensorflow/tfjs-core';
import { convolutionSettings, slidesOf, windowSides } from '../recipe/convolution';
import { kernelInit } from '../recipe/initializers';
import { defineLayer, featureMap } from '../recipe/layerKind';
import { asPlaces, takePlaces, windowTable, zerosOutside } from '../recipe/places';

/** Depthwise convolution (Chollet 2017): every channel by its own kernel, `[N, H, W, C] → [N, H', W', C]`, kernel `[k, k', C]`. */
export const depthwiseConv2d = defineLayer({
  id: 'depthwiseConv2d',
  title: 'Depthwise convolution',
  group: 'convolution',
  help: 'Filters every channel by a pattern of its own, without mixing channels. With a 1×1 convolution behind it, it does what a convolution does with a fraction of the weights.',
  settings: convolutionSettings.omit({ filters: true, spectralNorm: true }).extend({
    kernel: convolutionSettings.shape.kernel
      .unwrap()
      .default(3)
      .meta(convolutionSettings.shape.kernel.meta() ?? {}),
    stride: convolutionSettings.shape.stride
      .unwrap()
      .default(1)
      .meta(convolutionSettings.shape.stride.meta() ?? {}),
  }),
  outputShape: (input, settings) => {
    const [height, width, channels] = featureMap(input, 'Depthwise convolution');
    const { rows, columns } = slidesOf(height, width, settings);
    return [rows.outSide, columns.outSide, channels];
  },
  weights: (input, settings) => {
    const { rows, columns } = windowSides(settings);
    const patch = rows.kernel * columns.kernel;
    const { useBias } = settings;
    const channels = featureMap(input, 'Depthwise convolution')[2];
    return {
      kernel: {
        shape: [rows.kernel, columns.kernel, channels],
        init: kernelInit(settings, patch, patch),
        role: 'trained',
      },
      ...(useBias ? { bias: { shape: [channels], init: { kind: 'zeros' }, role: 'trained' } as const } : {}),
    };
  },
  apply: (tf, x, { kernel, bias }, settings) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    const { rows, columns } = slidesOf(height, width, settings);
    const covered = takePlaces(tf, asPlaces(tf, x), windowTable(rows, columns, zerosOutside(rows, columns)));
    const patch = rows.kernel * columns.kernel;
    const windows = tf.reshape(covered, [batch, patch, rows.outSide * columns.outSide, channels]);
    const weighted = tf.mul(windows, tf.reshape(kernel as Tensor, [1, patch, 1, channels]));
    const output = tf.reshape(tf.sum(weighted, 1), [batch, rows.outSide, columns.outSide, channels]);
    return bias ? tf.add(output, bias) : output;
  },
});
