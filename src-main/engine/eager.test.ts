import type { GanFigures } from '#shared/contract/types';
import { describe, expect, it } from 'vitest';
import { initialState } from '../gan/network';
import { eager } from './eager';
import { trialBatch, trialRecipe } from './trial';

describe('the eager engine', () => {
  it('trains: losses are finite, every vector moves, the caller’s state stays', async () => {
    const recipe = trialRecipe();
    const start = initialState(recipe, 7);
    const kept = start.generator.weights.slice();
    const session = await eager.trainSession(recipe, 4, start, { provider: 'cpu', threads: 1 });
    const result = (await session.step(trialBatch(recipe, 4, 0))) as GanFigures;
    expect(result.lossD).toBeGreaterThan(0.5);
    expect(result.dReal).toBeGreaterThan(0);
    expect(result.dReal).toBeLessThan(1);
    const after = await session.readState();
    expect(after.step).toBe(1);
    expect(start.generator.weights).toEqual(kept);
    expect(after.generator.weights).not.toEqual(kept);
    expect(after.discriminator?.running).not.toEqual(start.discriminator?.running);
    await session.close();
    await expect(session.step(trialBatch(recipe, 4, 1))).rejects.toMatchObject({ code: 'engine.unavailable' });
  });
});
