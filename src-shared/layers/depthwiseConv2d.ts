import type { Tensor } from '@tensorflow/tfjs-core';
import { convolutionSettings, mirroredSlides, outside, slidesOf, windowSides } from '../recipe/convolution';
import { kernelInit } from '../recipe/initializers';
import { defineLayer, featureMap } from '../recipe/layerKind';
import { asPlaces, mirrorOutside, takePlaces, windowTable, zerosOutside } from '../recipe/places';
import { spectrallyNormalised, spectralWeights } from '../recipe/spectral';

/** Depthwise convolution (Chollet 2017): every channel by its own kernel, `[N, H, W, C] → [N, H', W', C]`, kernel `[k, k', C]`. */
export const depthwiseConv2d = defineLayer({
  id: 'depthwiseConv2d',
  title: 'Depthwise convolution',
  group: 'convolution',
  help: 'Filters every channel by a pattern of its own, without mixing channels. With a 1×1 convolution behind it, it does what a convolution does with a fraction of the weights.',
  settings: convolutionSettings.omit({ filters: true }).extend({
    kernel: convolutionSettings.shape.kernel
      .unwrap()
      .default(3)
      .meta(convolutionSettings.shape.kernel.meta() ?? {}),
    stride: convolutionSettings.shape.stride
      .unwrap()
      .default(1)
      .meta(convolutionSettings.shape.stride.meta() ?? {}),
    outside,
  }),
  outputShape: (input, settings) => {
    const [height, width, channels] = featureMap(input, 'Depthwise convolution');
    const { rows, columns } = mirroredSlides(height, width, settings, 'Depthwise convolution');
    return [rows.outSide, columns.outSide, channels];
  },
  weights: (input, settings) => {
    const { rows, columns } = windowSides(settings);
    const patch = rows.kernel * columns.kernel;
    const { useBias, spectralNorm } = settings;
    const channels = featureMap(input, 'Depthwise convolution')[2];
    return {
      kernel: {
        shape: [rows.kernel, columns.kernel, channels],
        init: kernelInit(settings, patch, patch),
        role: 'trained',
      },
      ...(useBias ? { bias: { shape: [channels], init: { kind: 'zeros' }, role: 'trained' } as const } : {}),
      ...spectralWeights(spectralNorm, channels),
    };
  },
  apply: (tf, x, { kernel, bias, direction }, settings, context) => {
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
    const { rows, columns } = slidesOf(height, width, settings);
    const read = (settings.outside === 'reflect' ? mirrorOutside : zerosOutside)(rows, columns);
    const covered = takePlaces(tf, asPlaces(tf, x), windowTable(rows, columns, read));
    const patch = rows.kernel * columns.kernel;
    const windows = tf.reshape(covered, [batch, patch, rows.outSide * columns.outSide, channels]);
    const filter = spectrallyNormalised(tf, kernel as Tensor, direction, context);
    const weighted = tf.mul(windows, tf.reshape(filter, [1, patch, 1, channels]));
    const output = tf.reshape(tf.sum(weighted, 1), [batch, rows.outSide, columns.outSide, channels]);
    return bias ? tf.add(output, bias) : output;
  },
});
