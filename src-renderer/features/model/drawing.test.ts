import { describe, expect, it } from 'vitest';
import { checkRecipe } from '#shared/recipe/check';
import { presetRecipe } from '#shared/recipe/presets';
import { setLayerSetting } from './edits';
import { slabOf, stagesOf } from './drawing';

const recipe = presetRecipe('dcgan-32', 3);

describe('the drawing of a network', () => {
  it('puts normalisation and activation with the layer whose tensor they keep', () => {
    const stages = stagesOf(checkRecipe(recipe).generator);
    expect(stages.map(({ layers }) => layers.map(({ node }) => node.kind))).toEqual([
      ['dense'],
      ['reshape', 'batchNorm', 'relu'],
      ['conv2dTranspose', 'batchNorm', 'relu'],
      ['conv2dTranspose', 'batchNorm', 'relu'],
      ['conv2dTranspose', 'tanh'],
    ]);
    expect(stages.map(({ first }) => first)).toEqual([0, 1, 4, 7, 10]);
  });

  it('draws resolution as height and channels as thickness', () => {
    expect(slabOf([32, 32, 3], 32).height).toBeGreaterThan(slabOf([4, 4, 128], 32).height);
    expect(slabOf([4, 4, 128], 32).width).toBeGreaterThan(slabOf([32, 32, 3], 32).width);
    expect(slabOf([8192], 32).width).toBe(slabOf([100_000], 32).width);
  });

  it('keeps its stages when it breaks, and knows no sizes from there on', () => {
    const reshape = recipe.generator[1]?.id ?? '';
    const whole = stagesOf(checkRecipe(recipe).generator);
    const broken = stagesOf(checkRecipe(setLayerSetting(recipe, 'generator', reshape, 'channels', 7)).generator);
    expect(broken.map(({ first }) => first)).toEqual(whole.map(({ first }) => first));
    expect(broken[1]?.layers[0]?.problem).toBeDefined();
    expect(broken[1]?.output).toBeUndefined();
    expect(broken.slice(2).every(({ input }) => input === undefined)).toBe(true);
  });
});
