import type { GanFigures } from '#shared/contract/types';
import { Recipe, type RecipeInput } from '#shared/recipe/recipe';
import { describe, expect, it } from 'vitest';
import { buildGan, initialState } from '../gan/network';
import { compiled } from './compiled/engine';
import { stepGraph } from './compiled/stepModel';
import type { NetworkState } from './engine';
import { trialBatch, trialRecipe } from './trial';

const BATCH = 8;
const options = { provider: 'cpu', threads: 2 } as const;

/** Nothing in it mixes the pictures of a batch, and nearly everything else is on. */
function unmixed(microBatches: number): Recipe {
  const trial = trialRecipe(2);
  const without = (layers: Recipe['generator']) => layers.filter(({ kind }) => kind !== 'batchNorm');
  return Recipe.parse({
    ...trial,
    generator: without(trial.generator),
    discriminator: [{ id: 'd0', kind: 'dropout', settings: { rate: 0.2 } }, ...without(trial.discriminator)],
    loss: { kind: 'relativistic' },
    regularizer: { kind: 'gradientPenalty', every: 2 },
    augmentation: { translation: 0.125 },
    training: { ...trial.training, discriminatorSteps: 2, microBatches },
  } satisfies RecipeInput);
}

async function trained(recipe: Recipe): Promise<{ readonly results: GanFigures[]; readonly vectors: Float32Array[] }> {
  const session = await compiled.trainSession(recipe, BATCH, initialState(recipe, 4), options);
  const results: GanFigures[] = [];
  for (let step = 0; step < 2; step++) {
    results.push((await session.step(trialBatch(recipe, BATCH, step))) as GanFigures);
  }
  const { generator, discriminator } = await session.readState();
  await session.close();
  const networks = [generator, discriminator as NetworkState];
  return { results, vectors: networks.flatMap(({ weights, firstMoment }) => [weights, firstMoment]) };
}

describe('micro-batches', () => {
  it.each([2, 4, 8])(
    '(%i of them) give the update of the whole batch where nothing mixes its pictures',
    async (parts) => {
      const [whole, divided] = [await trained(unmixed(1)), await trained(unmixed(parts))];
      for (const [step, { lossD, lossG }] of whole.results.entries()) {
        expect(divided.results[step]?.lossD).toBeCloseTo(lossD, 5);
        expect(divided.results[step]?.lossG).toBeCloseTo(lossG, 5);
      }
      whole.vectors.forEach((vector, index) => {
        const other = divided.vectors[index];
        expect(other).toHaveLength(vector.length);
        const worst = vector.reduce((most, value, at) => Math.max(most, Math.abs(value - (other?.[at] ?? NaN))), 0);
        expect(worst).toBeLessThan(1e-5);
      });
    },
  );

  it('refuse a batch that they do not divide', () => {
    expect(() => stepGraph(buildGan(unmixed(4)), 6)).toThrow(
      expect.objectContaining({ code: 'recipe.batch-undivided', facts: { batch: 6, parts: 4 } }),
    );
  });
});
