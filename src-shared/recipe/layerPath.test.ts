import { describe, expect, it } from 'vitest';
import { withInputs, withLayer, withLayerMoved, withoutLayer } from './layerPath';
import { presetRecipe } from './presets';
import type { Recipe } from './recipe';

const recipe = presetRecipe('dcgan-32', 3);
const ids = ({ generator }: Recipe) => generator.map(({ id }) => id);
const [first = '', second = '', third = ''] = ids(recipe);

describe('a layer by its path', () => {
  it('is added at a place, or at the end', () => {
    const added = withLayer(recipe, 'generator', 'dropout', '2');
    expect(added.generator[1]).toEqual({ id: 'g13-dropout', kind: 'dropout', settings: {} });
    expect(withLayer(recipe, 'generator', 'dropout').generator.at(-1)?.kind).toBe('dropout');
    expect(added.discriminator).toEqual(recipe.discriminator);
  });

  it('is removed, and taken to another place', () => {
    expect(ids(withoutLayer(recipe, `generator.${second}`))).toEqual(ids(recipe).toSpliced(1, 1));
    expect(ids(withLayerMoved(recipe, `generator.${first}`, '3')).slice(0, 3)).toEqual([second, third, first]);
  });

  it('takes the layers that are named', () => {
    const joined = withInputs(recipe, `generator.${third}`, [first, second]);
    expect(joined.generator[2]?.inputs).toEqual([first, second]);
    expect(withInputs(joined, `generator.${third}`, [second])).toEqual(recipe);
  });

  it.each<readonly [string, () => Recipe, string, string]>([
    ['a network', () => withLayer(recipe, 'encoder', 'relu'), 'encoder', 'generator, discriminator'],
    ['a network', () => withoutLayer(recipe, 'training.steps'), 'training', 'generator, discriminator'],
    ['a layer', () => withoutLayer(recipe, 'generator.g9-none'), 'generator.g9-none', `generator.${first}`],
    ['a layer', () => withLayerMoved(recipe, `generator.${first}.units`, '2'), `generator.${first}.units`, first],
    ['an input', () => withInputs(recipe, `generator.${third}`, ['g9-none']), 'generator.g9-none', first],
  ])('is missed, as is %s (%#), and what there is instead is named', (_what, edit, path, known) => {
    expect(edit).toThrow(
      expect.objectContaining({
        code: 'recipe.no-setting',
        facts: { path, known: expect.stringContaining(known) as string },
      }),
    );
  });

  it.each(['0', '14', '1.5', 'end', ''])('has no place %j', (place) => {
    const wanted = expect.objectContaining({ code: 'option.invalid' });
    expect(() => withLayer(recipe, 'generator', 'relu', place)).toThrow(wanted);
    expect(() => withLayerMoved(recipe, `generator.${first}`, place)).toThrow(wanted);
  });

  it('is of a kind that there is', () => {
    expect(() => withLayer(recipe, 'generator', 'reluu')).toThrow(
      expect.objectContaining({
        code: 'recipe.invalid',
        facts: { problem: expect.stringContaining('no layer called “reluu”, but averagePool') as string },
      }),
    );
  });
});
