import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import {
  convolutionSettings,
  mirroredSlides,
  outside,
  slidesOf,
  tfWindow,
  windowSides,
  type Slide,
  type WindowSettings,
} from '../recipe/convolution';
import { kernelInit } from '../recipe/initializers';
import { defineLayer, featureMap, LayerMisfit, type Tf } from '../recipe/layerKind';
import { asPlaces, mirrorOutside, takePlaces, windowTable } from '../recipe/places';
import { spectrallyNormalised, spectralWeights } from '../recipe/spectral';

/** Convolution, channels last: `[N, H, W, C] → [N, H', W', filters]`, kernel `[k, k', C / groups, filters]`. */
export const conv2d = defineLayer({
  id: 'conv2d',
  title: 'Convolution',
  group: 'convolution',
  help: 'Slides learned patterns over the picture and notes where each is found. With stride 2 it also halves the resolution, which is how a discriminator looks at ever larger parts.',
  settings: convolutionSettings.extend({
    outside,
    groups: z.int().min(1).max(64).default(1).meta({
      title: 'Groups',
      description: 'Divides channels and filters into groups that do not see each other: fewer weights, less work.',
    }),
  }),
  outputShape: (input, settings) => {
    const [height, width, channels] = featureMap(input, 'Convolution');
    const { filters, groups } = settings;
    if (channels % groups !== 0 || filters % groups !== 0) {
      throw new LayerMisfit(
        `Convolution cannot divide ${channels} channels and ${filters} filters into ${groups} groups`,
        'Choose a number of groups that divides both',
      );
    }
    const { rows, columns } = mirroredSlides(height, width, settings, 'Convolution');
    return [rows.outSide, columns.outSide, filters];
  },
  weights: (input, settings) => {
    const { filters, groups, useBias, spectralNorm } = settings;
    const { rows, columns } = windowSides(settings);
    const patch = rows.kernel * columns.kernel;
    const channels = featureMap(input, 'Convolution')[2] / groups;
    const init = kernelInit(settings, patch * channels, (patch * filters) / groups);
    return {
      kernel: { shape: [rows.kernel, columns.kernel, channels, filters], init, role: 'trained' },
      ...(useBias ? { bias: { shape: [filters], init: { kind: 'zeros' }, role: 'trained' } as const } : {}),
      ...spectralWeights(spectralNorm, filters),
    };
  },
  apply: (tf, x, { kernel, bias, direction }, settings, context) => {
    const filter = spectrallyNormalised(tf, kernel as Tensor, direction, context);
    const mirrored = settings.outside === 'reflect' && settings.padding !== 'valid';
    const input = mirrored ? withMirroredBorder(tf, x, settings) : x;
    const { strides, pad } = tfWindow(mirrored ? { ...settings, padding: 'valid' } : settings);
    const convolved = (part: Tensor, own: Tensor) => tf.conv2d(part as Tensor4D, own as Tensor4D, strides, pad);
    const { groups } = settings;
    const output =
      groups === 1
        ? convolved(input, filter)
        : tf.concat(
            tf
              .split(input, groups, 3)
              .map((part, group) => convolved(part, tf.split(filter, groups, 3)[group] as Tensor)),
            3,
          );
    return bias ? tf.add(output, bias) : output;
  },
});

/** The picture with as many mirrored pixels around as its padding adds: `[N, H, W, C] → [N, H + p, W + p', C]`. */
function withMirroredBorder(tf: Tf, x: Tensor, settings: WindowSettings): Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const grown = ({ side, before, behind }: Slide): Slide => ({
    side,
    outSide: before + side + behind,
    kernel: 1,
    stride: 1,
    before,
    behind,
  });
  const slides = slidesOf(height, width, settings);
  const [rows, columns] = [grown(slides.rows), grown(slides.columns)];
  const padded = takePlaces(tf, asPlaces(tf, x), windowTable(rows, columns, mirrorOutside(rows, columns)));
  return tf.reshape(padded, [batch, rows.outSide, columns.outSide, channels]);
}
