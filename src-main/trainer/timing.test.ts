import { describe, expect, it } from 'vitest';
import { presetRecipe } from '#shared/recipe/presets';
import { withClasses } from '#shared/recipe/conditional';
import { Recipe } from '#shared/recipe/recipe';
import { trialRecipe } from '../engine/trial';
import { RunControl } from './runControl';
import { timeRecipe, type TimingOrder } from './timing';

const order = (recipe: Recipe): TimingOrder => ({
  home: '/nowhere',
  recipe,
  batchSize: 4,
  engine: 'compiled',
  provider: 'cpu',
  engineNamed: false,
  cpuProblem: undefined,
  threads: 1,
});

/** A clock that goes on by so much at each look. */
const clock = (ms: number) => {
  let now = 0;
  return () => (now += ms);
};

describe('timing a recipe', () => {
  it('says milliseconds a step and pictures a second, all updates of D counted, and how far it is', async () => {
    const told: number[] = [];
    const recipe = trialRecipe();
    const twice = { ...recipe, training: { ...recipe.training, discriminatorSteps: 2 } };
    const time = await timeRecipe(
      order(twice),
      { onProgress: (_label, done) => told.push(done), now: clock(100) },
      new RunControl(),
    );
    expect(time).toMatchObject({ provider: 'cpu', batchSize: 4, msPerStep: 100, imagesPerSecond: 80 });
    expect(time.device).toMatch(/CPU/);
    expect(told.toSorted((a, b) => a - b)).toEqual(told);
    expect(told.at(-1)).toBe(100);
  });

  it('times whole turns of a penalty that is taken now and then, unless they take too long', async () => {
    const lazy = Recipe.parse({ ...trialRecipe(), regularizer: { kind: 'r1', every: 16 } });
    const steps = async (ms: number): Promise<number> => {
      let looks = 0;
      const now = () => {
        looks++;
        return looks * ms;
      };
      await timeRecipe(order(lazy), { onProgress: () => undefined, now }, new RunControl());
      return looks - 1;
    };
    expect(await steps(150)).toBe(16);
    expect(await steps(60)).toBe(32);
    expect(await steps(10_000)).toBe(2);
  });

  it('is done for conditional networks, adaptive augmentation, an average, and a VAE', async () => {
    const recipe = trialRecipe();
    const rich = withClasses(
      { ...recipe, augmentation: { ...recipe.augmentation, translation: 0.125, adaptive: true }, training: { ...recipe.training, emaHalfLife: 100 } },
      ['cup', 'bowl'],
    ); // prettier-ignore
    for (const one of [rich, presetRecipe('vae-32', 1)]) {
      const time = await timeRecipe(order(one), { onProgress: () => undefined, now: clock(2000) }, new RunControl());
      expect(time.msPerStep).toBe(2000);
    }
  });

  it('ends between two steps when it is cancelled', async () => {
    const control = new RunControl();
    const onProgress = (label: string) => label === 'Timing steps' && control.stop('user');
    const timing = timeRecipe(order(trialRecipe()), { onProgress, now: clock(10) }, control);
    await expect(timing).rejects.toMatchObject({ code: 'job.cancelled' });
  });

  it('does not even compile for one who has cancelled before', async () => {
    const control = new RunControl();
    control.stop('user');
    const labels: string[] = [];
    const timing = timeRecipe(
      order(trialRecipe()),
      { onProgress: (label) => labels.push(label), now: clock(1) },
      control,
    );
    await expect(timing).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(labels).toEqual([]);
  });
});
