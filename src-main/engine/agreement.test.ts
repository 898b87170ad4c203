import { networkNames } from '#shared/recipe/model';
import { Recipe } from '#shared/recipe/recipe';
import { describe, expect, it } from 'vitest';
import { initialState } from '../gan/network';
import { compiled } from './compiled/engine';
import { eager } from './eager';
import type { NetworkState, TrainSession } from './engine';
import { changes } from './testing/changes';
import { trialBatch, trialRecipe } from './trial';

const BATCH = 4;
const STEPS = 3;
/** Of float32 moments that add up: TensorFlow's own sums (tests/tensorflow/run.mjs names where it is) differ by a little more than TensorFlow.js's. */
const TOLERANCE = process.env['GANVAS_ENGINES'] === undefined ? 1e-5 : 2e-5;
const options = { provider: 'cpu', threads: 2 } as const;

function expectClose(a: Float32Array, b: Float32Array, what: string): void {
  expect(a.length, what).toBe(b.length);
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] as number))), 0);
  expect(worst / scale, what).toBeLessThan(TOLERANCE);
}

describe('both engines agree in every loss, verdict, weight, moment and running statistic, with', () => {
  it.each(changes)('%s', async (_name, change) => {
    const recipe = Recipe.parse({ ...trialRecipe(2), ...change });
    const start = initialState(recipe, 3);
    const sessions: TrainSession[] = [];
    for (const engine of [eager, compiled]) {
      sessions.push(await engine.trainSession(recipe, BATCH, start, options));
    }
    for (let step = 0; step < STEPS; step++) {
      const inputs = trialBatch(recipe, BATCH, step);
      const [slow, fast] = await Promise.all(sessions.map((session) => session.step(inputs)));
      for (const [name, value] of Object.entries(slow ?? {}) as [keyof typeof slow, number][]) {
        const scale = Math.max(1, Math.abs(value));
        expect(Math.abs(value - (fast?.[name] ?? NaN)) / scale, `${name} of step ${step}`).toBeLessThan(TOLERANCE);
      }
    }
    const [slow, fast] = await Promise.all(sessions.map((session) => session.readState()));
    for (const network of networkNames(recipe)) {
      for (const part of ['weights', 'firstMoment', 'secondMoment', 'running'] as const) {
        const [a, b] = [slow, fast].map((state) => (state?.[network] as NetworkState)[part]);
        expectClose(a as Float32Array, b as Float32Array, `${network} ${part}`);
      }
    }
    expect(slow?.ema === undefined).toBe(recipe.training.emaHalfLife === 0);
    expectClose(slow?.ema?.weights ?? new Float32Array(0), fast?.ema?.weights ?? new Float32Array(0), 'the average');
    await Promise.all(sessions.map((session) => session.close()));
  });
});
