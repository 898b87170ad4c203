import type { Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { defineLayer, vectorLength } from '../recipe/layerKind';
import { initialDeviation, initializer, kernelInit } from '../recipe/initializers';
import { spectralNorm, spectrallyNormalised, spectralWeights } from '../recipe/spectral';

/** Fully connected layer: `y = x·W + b`. `[N, I] → [N, units]`. */
export const dense = defineLayer({
  id: 'dense',
  title: 'Dense',
  group: 'dense',
  help: 'Every output is a weighted sum of every input. It turns the noise vector into a first small feature map, and a feature map into one verdict.',
  settings: z.strictObject({
    units: z
      .int()
      .min(1)
      .max(1_048_576)
      .default(128)
      .meta({ title: 'Units', description: 'How many numbers come out.' }),
    useBias: z.boolean().default(true).meta({
      title: 'Bias',
      description: 'Adds a learned number to each output. Not needed before batch normalisation.',
    }),
    initializer,
    initialDeviation,
    spectralNorm,
  }),
  outputShape: (input, { units }) => {
    vectorLength(input, 'Dense');
    return [units];
  },
  weights: (input, settings) => {
    const { units, useBias, spectralNorm } = settings;
    const size = vectorLength(input, 'Dense');
    return {
      kernel: { shape: [size, units], init: kernelInit(settings, size, units), role: 'trained' },
      ...(useBias ? { bias: { shape: [units], init: { kind: 'zeros' }, role: 'trained' } as const } : {}),
      ...spectralWeights(spectralNorm, units),
    };
  },
  apply: (tf, x, { kernel, bias, direction }, _settings, context) => {
    const matrix = spectrallyNormalised(tf, kernel as Tensor2D, direction, context);
    const product = tf.matMul(x as Tensor2D, matrix as Tensor2D);
    return bias ? tf.add(product, bias) : product;
  },
});
