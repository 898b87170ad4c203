import { expect, it } from 'vitest';
import { leastTrainingBytes } from './memory';
import { presetRecipe } from './presets';

const recipe = presetRecipe('dcgan-32', 3);

it('counts seven copies of what is learned, and what the layers with weights put out', () => {
  const parameters = 370_627 + 167_841;
  // Dense, batch norm, then twice a transposed convolution and a batch norm, then the pictures.
  const generator = 2048 * 2 + 4096 * 2 + 8192 * 2 + 3072;
  const discriminator = 8192 + 4096 * 2 + 2048 * 2 + 1;
  expect(leastTrainingBytes(recipe, 16)).toBe(4 * (7 * parameters + 16 * (generator + 2 * discriminator)));
});

it('is far below what a small machine has, for the presets', () => {
  expect(leastTrainingBytes(presetRecipe('dcgan-64', 3), 64)).toBeLessThan(2 ** 30);
});
