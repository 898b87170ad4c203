import { expect, it } from 'vitest';
import { leastTrainingBytes } from '#shared/recipe/memory';
import { presetRecipe } from '#shared/recipe/presets';
import type { Recipe } from '#shared/recipe/recipe';
import { checkMemory, estimateMemory } from './trainingMemory';

const recipe = presetRecipe('dcgan-64', 3);
/** 100 bytes, and 10 for each picture of a micro-batch. */
const estimated: number[] = [];
const sampler = {
  memory: ({ training }: Recipe, batchSize: number) => {
    estimated.push(batchSize);
    const step = (10 * batchSize) / training.microBatches;
    return Promise.resolve({ state: 100, step, total: 100 + step });
  },
};

it('says what a batch takes, and that it fits', async () => {
  expect(await estimateMemory(sampler, recipe, 16, 1000)).toEqual({
    batchSize: 16,
    bytes: 260,
    stateBytes: 100,
    stepBytes: 160,
    presentBytes: 1000,
    fits: true,
  });
});

it('proposes the fewest micro-batches that fit and divide the batch', async () => {
  const { fits, remedy } = await estimateMemory(sampler, recipe, 48, 300);
  expect({ fits, remedy }).toEqual({ fits: false, remedy: { microBatches: 3, bytes: 260 } });
});

it('proposes none where the smallest parts are too large', async () => {
  const estimate = await estimateMemory(sampler, recipe, 64, 120);
  expect(estimate).toMatchObject({ fits: false });
  expect(estimate).not.toHaveProperty('remedy');
});

it('refuses a start that cannot fit, with the batch that would', async () => {
  await expect(checkMemory(sampler, recipe, 64, 300)).rejects.toMatchObject({
    code: 'training.too-large',
    hint: expect.stringContaining('set training.microBatches 4'),
  });
  await expect(checkMemory(sampler, recipe, 64, 120)).rejects.toMatchObject({
    hint: expect.stringContaining('fewer outputs'),
  });
});

it('asks nothing where the machine has far more than could be needed', async () => {
  estimated.length = 0;
  await checkMemory(sampler, recipe, 16, 16 * leastTrainingBytes(recipe, 16) + 1);
  expect(estimated).toEqual([]);
  await checkMemory(sampler, recipe, 16, 16 * leastTrainingBytes(recipe, 16));
  expect(estimated).toEqual([16]);
});
