import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { initialDeviation, initializer, kernelInit } from '../recipe/initializers';
import { ofClass } from '../recipe/labels';
import { defineLayer, vectorLength } from '../recipe/layerKind';
import { normalisedWeights, spectralNorm, spectralWeightsOf } from '../recipe/spectral';

/**
 * The verdict of a conditional discriminator (Miyato and Koyama 2018, equation 3): `x·w + b + ⟨v(class), x⟩`, `[N, I] → [N, 1]`. With spectral
 * normalisation both w and the classes' vectors are normalised, as there.
 */
export const projectionHead = defineLayer({
  id: 'projectionHead',
  title: 'Projection head',
  group: 'dense',
  onlyIn: 'discriminator',
  conditional: true,
  help: 'The last layer of a discriminator that knows the class: one number for how real the picture is, plus one for how well it suits its class. Put it where the dense layer with one unit stood.',
  settings: z.strictObject({
    useBias: z.boolean().default(true).meta({ title: 'Bias', description: 'Adds a learned number to the verdict.' }),
    initializer,
    initialDeviation,
    spectralNorm,
  }),
  outputShape: (input) => {
    vectorLength(input, 'Projection head');
    return [1];
  },
  weights: (input, settings, classes) => {
    const size = vectorLength(input, 'Projection head');
    const init = kernelInit(settings, size, 1);
    return {
      kernel: { shape: [size, 1], init, role: 'trained' },
      ...(settings.useBias ? { bias: { shape: [1], init: { kind: 'zeros' }, role: 'trained' } as const } : {}),
      embedding: { shape: [classes, size], init, role: 'trained' },
      ...spectralWeightsOf(settings.spectralNorm, { kernel: 1, embedding: size }),
    };
  },
  apply: (tf, x, weights, _settings, context) => {
    const { kernel, bias, embedding } = normalisedWeights(tf, weights, context);
    const real = tf.matMul(x as Tensor2D, kernel as Tensor2D);
    const suited: Tensor = tf.sum(tf.mul(x, ofClass(tf, embedding, context, 2)), 1, true);
    const verdict = tf.add(real, suited);
    return bias ? tf.add(verdict, bias) : verdict;
  },
});
