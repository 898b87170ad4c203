import type { Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { defineLayer, vectorLength } from '../recipe/layerKind';
import { initialDeviation, weightInit } from '../recipe/initializers';

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
    initialDeviation,
  }),
  outputShape: (input, { units }) => {
    vectorLength(input, 'Dense');
    return [units];
  },
  weights: (input, { units, useBias, initialDeviation }) => ({
    kernel: { shape: [vectorLength(input, 'Dense'), units], init: weightInit(initialDeviation), role: 'trained' },
    ...(useBias ? { bias: { shape: [units], init: { kind: 'zeros' }, role: 'trained' } as const } : {}),
  }),
  apply: (tf, x, { kernel, bias }) => {
    const product = tf.matMul(x as Tensor2D, kernel as Tensor2D);
    return bias ? tf.add(product, bias) : product;
  },
});
