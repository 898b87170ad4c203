import { describe, expect, it } from 'vitest';
import { checkRecipe } from './check';
import {
  duplicateLayer,
  insertLayer,
  moveLayer,
  placeLayer,
  removeLayer,
  setLayerInputs,
  setLayerSetting,
} from './edits';
import { presetRecipe } from './presets';
import { Recipe } from './recipe';

const recipe = presetRecipe('dcgan-32', 3);
const first = recipe.generator[0]?.id ?? '';
const last = recipe.generator.at(-1)?.id ?? '';
const kinds = (edited: Recipe) => edited.generator.map(({ kind }) => kind);

describe('edits of a network', () => {
  it('insert a layer with an id of its own, valid by the schema', () => {
    const edited = insertLayer(insertLayer(recipe, 'generator', 4, 'relu'), 'generator', 4, 'relu');
    expect(new Set(edited.generator.map(({ id }) => id)).size).toBe(recipe.generator.length + 2);
    expect(Recipe.parse(edited)).toEqual(edited);
    expect(checkRecipe(edited).problems).toEqual([]);
  });

  it('remove exactly one layer', () => {
    expect(kinds(removeLayer(recipe, 'generator', last))).toEqual(kinds(recipe).slice(0, -1));
    expect(removeLayer(recipe, 'generator', last).discriminator).toBe(recipe.discriminator);
  });

  it('move a layer one place, and not past the end', () => {
    const moved = moveLayer(recipe, 'generator', first, 1);
    expect(moved.generator[1]?.id).toBe(first);
    expect(moveLayer(moved, 'generator', first, -1)).toEqual(recipe);
    expect(moveLayer(recipe, 'generator', first, -1)).toBe(recipe);
    expect(moveLayer(recipe, 'generator', last, 1)).toBe(recipe);
  });

  it('take a layer to any place, and back', () => {
    const placed = placeLayer(recipe, 'generator', first, 3);
    expect(placed.generator[3]?.id).toBe(first);
    expect(placed.generator.length).toBe(recipe.generator.length);
    expect(placeLayer(placed, 'generator', first, 0)).toEqual(recipe);
    expect(placeLayer(recipe, 'generator', 'nobody', 2)).toBe(recipe);
  });

  it('duplicate a layer with its settings but not its id', () => {
    const edited = duplicateLayer(recipe, 'generator', first);
    expect(edited.generator[1]?.settings).toEqual(recipe.generator[0]?.settings);
    expect(edited.generator[1]?.id).not.toBe(first);
  });

  it('name the inputs of a layer, and forget them where they are the usual one', () => {
    const [, second, third] = recipe.generator;
    const branched = setLayerInputs(recipe, 'generator', third?.id ?? '', [first, second?.id ?? '']);
    expect(branched.generator[2]?.inputs).toEqual([first, second?.id]);
    expect(Recipe.parse(branched)).toEqual(branched);
    expect(setLayerInputs(branched, 'generator', third?.id ?? '', [second?.id ?? ''])).toEqual(recipe);
    expect(setLayerInputs(recipe, 'generator', 'nobody', [first])).toBe(recipe);
  });

  it('set one setting and leave the recipe before untouched', () => {
    const before = structuredClone(recipe);
    const edited = setLayerSetting(recipe, 'generator', first, 'units', 7);
    expect(edited.generator[0]?.settings['units']).toBe(7);
    expect(recipe).toEqual(before);
    expect(checkRecipe(edited).problems[0]?.layer).toBe(recipe.generator[1]?.id);
  });
});
