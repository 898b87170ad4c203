import { OptimizerSettings } from '#shared/recipe/optimizer';
import { describe, expect, it } from 'vitest';
import { trialRecipe } from '../engine/trial';
import { initialState } from './network';
import { takenUp } from './optimizerStart';
import type { NetworkState, TrainingState } from './state';

const recipe = trialRecipe(2);
const begun = initialState(recipe, 1);
const ones = (network: NetworkState): NetworkState => ({ ...network, firstMoment: network.firstMoment.map(() => 1) });
const discriminator = ones(begun.discriminator as NetworkState);
const trained: TrainingState = {
  ...begun,
  generator: ones(begun.generator),
  discriminator,
  step: 7,
};
const withD = (kind: string) => ({
  ...recipe,
  optimizers: { ...recipe.optimizers, discriminator: OptimizerSettings.parse({ kind }) },
});

describe('a state that is taken up', () => {
  it('keeps its moments under the same kind of optimiser', () => {
    const optimizers = { generator: { kind: 'adam', since: 0 }, discriminator: { kind: 'adam', since: 0 } };
    expect(takenUp(recipe, trained)).toEqual({ ...trained, optimizers });
  });

  it('begins with none under another kind, and counts that one’s steps from here', () => {
    const taken = takenUp(withD('sgd'), trained);
    expect(taken.optimizers).toEqual({
      generator: { kind: 'adam', since: 0 },
      discriminator: { kind: 'sgd', since: 7 },
    });
    expect(taken.generator).toBe(trained.generator);
    expect(taken.discriminator?.weights).toBe(discriminator.weights);
    expect(taken.discriminator?.firstMoment.every((number) => number === 0)).toBe(true);
    const later = takenUp(withD('sgd'), { ...taken, discriminator, step: 9 });
    expect(later.discriminator).toBe(discriminator);
    expect(later.optimizers.discriminator?.since).toBe(7);
  });
});
