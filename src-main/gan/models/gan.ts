import { drawStep } from '../draws';
import type { Model } from '../model';
import { asGan } from '../network';
import { trainStep } from '../step';
import { stepInputShapes, stepNumbers, stepTensors } from '../stepInputs';

/** Generator against discriminator (Goodfellow et al. 2014). */
export const gan: Model = {
  id: 'gan',
  figures: ['lossD', 'lossG', 'dReal', 'dFake'],
  batches: ({ training }) => training.discriminatorSteps,
  draw: (networks, batch, seed, seen) => drawStep(asGan(networks), batch, seed, seen),
  inputShapes: (networks, batch) => stepInputShapes(asGan(networks), batch),
  inputNumbers: (networks, inputs, step) => stepNumbers(asGan(networks), inputs, step),
  step: (tf, networks, { generator, discriminator }, inputs, eitherOf) => {
    const own = asGan(networks);
    if (!discriminator) throw new Error('a GAN’s state has a discriminator');
    const outcome = trainStep(tf, own, { generator, discriminator }, stepTensors(tf, own, inputs, eitherOf));
    const { lossD, lossG, dReal, dFake } = outcome;
    return {
      state: { generator: outcome.generator, discriminator: outcome.discriminator },
      figures: { lossD, lossG, dReal, dFake },
    };
  },
};
