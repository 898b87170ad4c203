import { z } from 'zod';
import { defineLayer } from '../recipe/layerKind';
import { affine, epsilon, scaleAndShift, scaledAndShifted, standardised } from '../recipe/normalisation';

/** Layer normalisation (Ba, Kiros and Hinton 2016): each picture over all its numbers, then a scale and shift a channel, as in WGAN-GP's critics. */
export const layerNorm = defineLayer({
  id: 'layerNorm',
  title: 'Layer normalisation',
  group: 'normalisation',
  help: 'Brings all numbers of one picture together to mean 0 and spread 1. It looks at no other picture, so it may stand in a discriminator with a gradient penalty, where batch normalisation must not.',
  settings: z.strictObject({ epsilon, affine }),
  outputShape: (input) => input,
  weights: (input, settings) => scaleAndShift(input, settings.affine),
  apply: (tf, x, weights, settings) => {
    const axes = x.shape.slice(1).map((_, index) => index + 1);
    return scaledAndShifted(tf, standardised(tf, x, axes, settings.epsilon), weights);
  },
});
