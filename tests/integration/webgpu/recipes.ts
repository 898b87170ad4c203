import { presetRecipe } from '#shared/recipe/presets';
import { Recipe } from '#shared/recipe/recipe';
import { trialRecipe } from '../../../src-main/engine/trial';

const trial = trialRecipe();

/** What is trained on the CPU and on WebGPU, by name. */
export const recipes: Readonly<Record<string, () => Recipe>> = {
  trial: () => trial,
  'dcgan-32': () => presetRecipe('dcgan-32', 3),
  /** With R1 now and then, an If of the model, and an average of G. */
  'studio-32': () => presetRecipe('studio-32', 3),
  'gradient penalty, two updates of D': () =>
    Recipe.parse({
      ...trial,
      loss: { kind: 'wasserstein' },
      regularizer: { kind: 'gradientPenalty' },
      augmentation: { flip: true, translation: 0.125 },
      training: { ...trial.training, discriminatorSteps: 2, emaHalfLife: 100 },
    }),
};
