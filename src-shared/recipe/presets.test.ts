import { describe, expect, it } from 'vitest';
import { checkRecipe } from './check';
import { isUntouchedPreset, presetRecipe, presets, proposeRecipe } from './presets';

describe('proposeRecipe', () => {
  it.each([16, 32, 64, 128, 256])('proposes networks that fit pictures of %i×%i', (size) => {
    for (const channels of [1, 3] as const) {
      const recipe = proposeRecipe({ size, channels });
      expect(recipe.image).toEqual({ size, channels });
      expect(checkRecipe(recipe).problems).toEqual([]);
    }
  });
});

describe('isUntouchedPreset', () => {
  it.each(presets.map(({ id }) => id))('knows %s, also after it was on disk', (id) => {
    expect(isUntouchedPreset(JSON.parse(JSON.stringify(presetRecipe(id, 1))))).toBe(true);
  });

  it('sees an edit of a layer and of a setting', () => {
    const recipe = presetRecipe('dcgan-32', 3);
    expect(isUntouchedPreset({ ...recipe, discriminator: recipe.discriminator.slice(1) })).toBe(false);
    expect(isUntouchedPreset({ ...recipe, training: { ...recipe.training, batchSize: 32 } })).toBe(false);
  });
});
