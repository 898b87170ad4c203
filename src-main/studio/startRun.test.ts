import { expect, it } from 'vitest';
import { leastTrainingBytes } from '#shared/recipe/memory';
import { presetRecipe } from '#shared/recipe/presets';
import { checkMemory } from './startRun';

const recipe = presetRecipe('dcgan-64', 3);

it('refuses what cannot fit into the memory there is, in words', () => {
  const needed = leastTrainingBytes(recipe, 1024);
  expect(() => checkMemory(recipe, 1024, needed)).not.toThrow();
  expect(() => checkMemory(recipe, 1024, needed - 1)).toThrow(/needs more than \d+ GB of memory/);
});

it('lets the presets through on the machine that this runs on', () => {
  expect(() => checkMemory(recipe, recipe.training.batchSize)).not.toThrow();
});
