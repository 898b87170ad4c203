import { isAdaptive } from '../augment';
import { drawStep } from '../draws';
import type { Model } from '../model';
import { asGan } from '../network';
import { trainStep } from '../step';
import { stepInputShapes, stepNumbers, stepTensors } from '../stepInputs';

/** Generator against discriminator (Goodfellow et al. 2014). */
export const gan: Model = {
  id: 'gan',
  figures: (recipe) => ['lossD', 'lossG', 'dReal', 'dFake', ...(isAdaptive(recipe) ? (['signs'] as const) : [])],
  batches: ({ training }) => training.discriminatorSteps,
  draw: (networks, batch, seed, seen, probability, frequencies) =>
    drawStep(asGan(networks), batch, seed, seen, probability, frequencies),
  inputShapes: (networks, batch) => stepInputShapes(asGan(networks), batch),
  inputNumbers: (networks, inputs, count) => stepNumbers(asGan(networks), inputs, count),
  step: (tf, networks, { generator, discriminator }, inputs, eitherOf) => {
    const own = asGan(networks);
    if (!discriminator) throw new Error('a GAN’s state has a discriminator');
    return trainStep(tf, own, { generator, discriminator }, stepTensors(tf, own, inputs, eitherOf));
  },
};
