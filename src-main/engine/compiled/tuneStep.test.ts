import { Recipe } from '#shared/recipe/recipe';
import { describe, expect, it } from 'vitest';
import { buildNetworks, initialState } from '../../gan/network';
import { trialBatch, trialRecipe } from '../trial';
import { compiled } from './engine';
import { stepModel, type StepModel } from './stepModel';
import type { StepMemory } from './stepMemory';
import { fastestStepModel } from './tuneStep';

const BATCH = 4;
const options = { provider: 'cpu', threads: 1 } as const;
const target = { provider: 'cpu', average: false, partsAtMost: undefined } as const;

/** Its D mixes no pictures. */
const unmixed = (change: Partial<Recipe> = {}): Recipe => {
  const trial = trialRecipe(2);
  return Recipe.parse({ ...trial, discriminator: trial.discriminator.filter(({ kind }) => kind !== 'batchNorm'), ...change }); // prettier-ignore
};

/** Operators are timed once for all tests. */
const operators = new Map<string, string>();
const isJudging = (problem: string): boolean => problem.startsWith('Discriminator');

function memoryOf() {
  const known = new Map(operators);
  return {
    known,
    read: () => Promise.resolve(known),
    write: (_: string, used: ReadonlyMap<string, string>) => {
      for (const [problem, form] of used) {
        known.set(problem, form);
        if (!isJudging(problem)) operators.set(problem, form);
      }
      return Promise.resolve();
    },
  };
}

const judgingIn = (known: ReadonlyMap<string, string>) =>
  [...known].filter(([problem]) => isJudging(problem)).map(([, form]) => form);

/** A machine on which a step takes so long: in one pass, which is the first of the two that are tried by turns, and in two. */
function machine(together: { ms: number; loss?: number }, apart: { ms: number; loss?: number }) {
  const opened: StepModel[] = [];
  const open = (model: StepModel): Promise<StepMemory> => {
    opened.push(model);
    const { ms, loss = 1 } = opened.length % 2 === 1 ? together : apart;
    return Promise.resolve({
      step: () => {
        const end = performance.now() + ms;
        while (performance.now() < end);
        return Promise.resolve(Float32Array.of(loss, 1, 0.5, 0.5));
      },
      read: () => Promise.resolve(undefined),
      close: () => Promise.resolve(),
    });
  };
  return { opened, open };
}

const tuned = (recipe: Recipe, memory: ReturnType<typeof memoryOf>, open: ReturnType<typeof machine>['open']) =>
  fastestStepModel(buildNetworks(recipe), BATCH, target, options, memory, { open, onTuning: () => undefined });

describe('reals and fakes in one pass of D', () => {
  it.each([
    ['is taken where a step is clearly faster so', { ms: 2 }, { ms: 4 }, 'together' as const],
    ['is left where it is hardly faster', { ms: 3.9 }, { ms: 4 }, 'apart' as const],
    ['is left where it is slower', { ms: 4 }, { ms: 2 }, 'apart' as const],
    ['is left where a provider gets it wrong', { ms: 2, loss: 1.1 }, { ms: 4 }, 'apart' as const],
  ])('%s', async (_name, together, apart, taken) => {
    const memory = memoryOf();
    const { opened, open } = machine(together, apart);
    const model = await tuned(unmixed(), memory, open);
    // The second turn is for those alone that won the first.
    expect(opened).toHaveLength(taken === 'together' ? 4 : 2);
    const networks = { ...buildNetworks(unmixed()), judging: taken };
    expect(model.bytes).toEqual(stepModel(networks, BATCH, target, memory.known).bytes);
    expect(judgingIn(memory.known)).toEqual([taken]);
  });

  it('is timed once: what is remembered is taken, and nothing is tried', async () => {
    for (const [together, apart] of [[1, 3], [3, 1]] as const) {
      const memory = memoryOf();
      const first = machine({ ms: together }, { ms: apart });
      const { bytes } = await tuned(unmixed(), memory, first.open);
      const again = machine({ ms: 1 }, { ms: 1 });
      expect((await tuned(unmixed(), memory, again.open)).bytes).toEqual(bytes);
      expect(again.opened).toEqual([]);
      // A longer run is no other problem; another penalty is.
      const longer = unmixed({ training: { ...unmixed().training, steps: 99 } });
      expect((await tuned(longer, memory, again.open)).bytes).toEqual(bytes);
      await tuned(unmixed({ regularizer: { kind: 'r1', gamma: 1, every: 4 } }), memory, again.open);
      expect(again.opened.length).toBeGreaterThan(0);
    } // prettier-ignore
  });

  it('is not tried where D mixes the pictures of a batch', async () => {
    const memory = memoryOf();
    const { opened, open } = machine({ ms: 1 }, { ms: 2 });
    const model = await tuned(trialRecipe(2), memory, open);
    expect(opened).toEqual([]);
    expect(judgingIn(memory.known)).toEqual([]);
    expect(model.ports).toEqual(stepModel(buildNetworks(trialRecipe(2)), BATCH, target).ports);
  });

  it('is not tried where a batch is parted, which is done to save memory', async () => {
    const memory = memoryOf();
    const { opened, open } = machine({ ms: 1 }, { ms: 2 });
    await tuned(unmixed({ training: { ...unmixed().training, microBatches: 2 } }), memory, open);
    expect(opened).toEqual([]);
    expect(judgingIn(memory.known)).toEqual([]);
  });

  it('is left where it wins the first turn alone', async () => {
    const memory = memoryOf();
    const first = machine({ ms: 2 }, { ms: 4 });
    const second = machine({ ms: 4 }, { ms: 1 });
    const opened: StepModel[] = [];
    const open = (model: StepModel) => {
      opened.push(model);
      return (opened.length <= 2 ? first : second).open(model);
    };
    await tuned(unmixed(), memory, open);
    expect(opened).toHaveLength(4);
    expect(judgingIn(memory.known)).toEqual(['apart']);
  });

  it('trains as two passes do', async () => {
    const recipe = unmixed({ regularizer: { kind: 'r1', gamma: 1, every: 2 } });
    const memory = memoryOf();
    await tuned(recipe, memory, machine({ ms: 1 }, { ms: 3 }).open);
    expect(judgingIn(memory.known)).toEqual(['together']);
    const results = await Promise.all(
      [{ ...options, forms: memory }, options].map(async (own) => {
        const session = await compiled.trainSession(recipe, BATCH, initialState(recipe, 2), own);
        const steps = [];
        for (let step = 0; step < 3; step++) steps.push(Object.values(await session.step(trialBatch(recipe, BATCH, step)))); // prettier-ignore
        await session.close();
        return steps.flat();
      }),
    );
    const [together = [], apart = []] = results;
    expect(together).toHaveLength(apart.length);
    apart.forEach((figure, at) => expect(together[at]).toBeCloseTo(figure, 5));
  });
});
