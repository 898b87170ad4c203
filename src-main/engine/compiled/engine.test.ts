import { describe, expect, it } from 'vitest';
import { initialState } from '../../gan/network';
import { eager } from '../eager';
import type { NetworkState, TrainSession } from '../engine';
import { trialBatch, trialRecipe } from '../trial';
import { compiled } from './engine';

const options = { provider: 'cpu', threads: 2 } as const;
const batchSize = 4;

/** Largest absolute difference. */
function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (b[index] as number))), 0);
}

describe('the compiled engine', () => {
  it('agrees with the eager engine in every loss, weight, moment and running statistic over 3 steps', async () => {
    const recipe = trialRecipe();
    const start = initialState(recipe, 3);
    const sessions: TrainSession[] = [];
    for (const engine of [eager, compiled]) {
      sessions.push(await engine.trainSession(recipe, batchSize, start, options));
    }
    for (let step = 0; step < 3; step++) {
      const inputs = trialBatch(recipe, batchSize, step);
      const [slow, fast] = await Promise.all(sessions.map((session) => session.step(inputs)));
      for (const name of ['lossD', 'lossG', 'dReal', 'dFake'] as const) {
        expect(Math.abs((slow?.[name] ?? NaN) - (fast?.[name] ?? NaN)), name).toBeLessThan(1e-5);
      }
    }
    const [slow, fast] = await Promise.all(sessions.map((session) => session.readState()));
    for (const network of ['generator', 'discriminator'] as const) {
      for (const part of ['weights', 'firstMoment', 'secondMoment', 'running'] as const) {
        const [a, b] = [slow, fast].map((state) => (state?.[network] as NetworkState)[part]);
        expect(difference(a as Float32Array, b as Float32Array), `${network} ${part}`).toBeLessThan(1e-5);
      }
    }
    await Promise.all(sessions.map((session) => session.close()));
  });
});
