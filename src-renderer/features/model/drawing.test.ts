import { describe, expect, it } from 'vitest';
import { checkRecipe } from '#shared/recipe/check';
import { setLayerSetting } from '#shared/recipe/edits';
import { presetRecipe } from '#shared/recipe/presets';
import type { LayerNode } from '#shared/recipe/recipe';
import { isChained, skipsOf, slabOf, stagesOf } from './drawing';

/** A generator with a residual block, around which a map gates the last one. */
const node = (id: string, kind: string, settings: LayerNode['settings'] = {}, ...inputs: string[]): LayerNode =>
  inputs.length > 0 ? { id, kind, settings, inputs } : { id, kind, settings };
const flat = { kernel: 3, stride: 1 };
const branching = (filters: number): LayerNode[] => [
  node('dense', 'dense', { units: 64 }),
  node('map', 'reshape', { height: 4, width: 4, channels: 4 }),
  node('norm', 'batchNorm'),
  node('relu', 'relu'),
  node('conv', 'conv2d', { ...flat, filters }),
  node('around', 'conv2d', { ...flat, kernel: 1, filters: 8 }, 'map'),
  node('sum', 'residualAdd', {}, 'conv', 'around'),
  node('bend', 'relu'),
  node('excite', 'skipLayerExcitation', {}, 'bend', 'map'),
];

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

  it('ends a stage where the network branches or joins, and draws wires past the stages between, short ones below', () => {
    const { generator } = checkRecipe({ ...recipe, generator: branching(8) });
    const stages = stagesOf(generator);
    expect(stages.map(({ layers }) => layers.map(({ node }) => node.id))).toEqual([
      ['dense'],
      ['map'],
      ['norm', 'relu'],
      ['conv'],
      ['around'],
      ['sum', 'bend'],
      ['excite'],
    ]);
    expect(stages.map(isChained)).toEqual([true, true, true, true, false, true, true]);
    expect(skipsOf(generator, stages).map(({ from, to, lane, shape }) => [from, to, lane, shape?.join('×')])).toEqual([
      [3, 5, 0, '4×4×8'],
      [1, 4, 1, '4×4×4'],
      [1, 6, 2, '4×4×4'],
    ]);
  });

  it('breaks every wire of a join whose inputs do not fit', () => {
    const { generator } = checkRecipe({ ...recipe, generator: branching(6) });
    const skips = skipsOf(generator, stagesOf(generator));
    expect(skips.find(({ to }) => to === 5)?.broken).toBe(true);
    expect(skips.find(({ to }) => to === 4)?.broken).toBe(false);
  });

  it('has no wires past a chain', () => {
    const { generator } = checkRecipe(recipe);
    expect(skipsOf(generator, stagesOf(generator))).toEqual([]);
  });
});
