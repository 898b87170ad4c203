import { lossChoices, LossSettings } from '#shared/recipe/loss';
import { Recipe } from '#shared/recipe/recipe';
import { describe, expect, it } from 'vitest';
import { initialState } from '../gan/network';
import { compiled } from './compiled/engine';
import { eager } from './eager';
import type { NetworkState, TrainSession } from './engine';
import { trialBatch, trialRecipe } from './trial';

const BATCH = 4;
const STEPS = 3;
const TOLERANCE = 1e-5;
const options = { provider: 'cpu', threads: 2 } as const;

/** Everything about training that a recipe can say, beside its layers: each is computed alike by both engines. */
const changes: Readonly<Record<string, Partial<Recipe>>> = Object.fromEntries(
  Object.keys(lossChoices).map((kind) => [`the loss ${kind}`, { loss: LossSettings.parse({ kind }) }]),
);

function expectClose(a: Float32Array, b: Float32Array, what: string): void {
  expect(a.length, what).toBe(b.length);
  const worst = a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] as number))), 0);
  expect(worst, what).toBeLessThan(TOLERANCE);
}

describe('both engines agree in every loss, verdict, weight, moment and running statistic, with', () => {
  it.each(Object.entries(changes))('%s', async (_name, change) => {
    const recipe = Recipe.parse({ ...trialRecipe(2), ...change });
    const start = initialState(recipe, 3);
    const sessions: TrainSession[] = [];
    for (const engine of [eager, compiled]) {
      sessions.push(await engine.trainSession(recipe, BATCH, start, options));
    }
    for (let step = 0; step < STEPS; step++) {
      const inputs = trialBatch(recipe, BATCH, step);
      const [slow, fast] = await Promise.all(sessions.map((session) => session.step(inputs)));
      for (const name of ['lossD', 'lossG', 'dReal', 'dFake'] as const) {
        expect(Math.abs((slow?.[name] ?? NaN) - (fast?.[name] ?? NaN)), `${name} of step ${step}`).toBeLessThan(
          TOLERANCE,
        );
      }
    }
    const [slow, fast] = await Promise.all(sessions.map((session) => session.readState()));
    for (const network of ['generator', 'discriminator'] as const) {
      for (const part of ['weights', 'firstMoment', 'secondMoment', 'running'] as const) {
        const [a, b] = [slow, fast].map((state) => (state?.[network] as NetworkState)[part]);
        expectClose(a as Float32Array, b as Float32Array, `${network} ${part}`);
      }
    }
    await Promise.all(sessions.map((session) => session.close()));
  });
});
