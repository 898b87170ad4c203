import { describe, expect, it } from 'vitest';
import { checkRecipe } from './check';
import { withClasses, withoutClasses } from './conditional';
import { isUntouchedPreset, presetRecipe, presets } from './presets';
import { sameNetworks, type LayerNode, type Recipe } from './recipe';

const classes = ['cat', 'dog', '<img src=x>'];
const isGan = (id: string) => presetRecipe(id, 3).model.kind === 'gan';
const ids = presets.map(({ id }) => id).filter(isGan);

describe('withClasses', () => {
  it.each(ids)('makes %s conditional, soundly, and back again exactly', (id) => {
    const recipe = presetRecipe(id, 3);
    const conditional = withClasses(recipe, classes);
    expect(checkRecipe(conditional).problems).toEqual([]);
    expect(conditional.generator.some(({ kind }) => kind === 'conditionalBatchNorm')).toBe(true);
    expect(conditional.discriminator.at(-1)).toMatchObject({ kind: 'projectionHead' });
    expect(isUntouchedPreset(conditional)).toBe(true);
    expect(sameNetworks(conditional, recipe)).toBe(false);
    const back = withoutClasses(conditional);
    // A head has no units, so they come first when it becomes a dense layer again.
    expect(back).toEqual(recipe);
    expect(isUntouchedPreset(back)).toBe(true);
  });

  it('keeps a last layer that is spectrally normalised so, there and back', () => {
    const recipe = presetRecipe('dcgan-32', 3);
    const discriminator = recipe.discriminator.map((node) =>
      node.kind === 'dense' ? { ...node, settings: { ...node.settings, spectralNorm: true } } : node,
    );
    const conditional = withClasses({ ...recipe, discriminator }, classes);
    expect(conditional.discriminator.at(-1)?.settings['spectralNorm']).toBe(true);
    expect(withoutClasses(conditional).discriminator).toEqual(discriminator);
  });

  it('leaves a VAE as it is, which has nobody to check the class', () => {
    const vae = presetRecipe('vae-32', 3);
    expect(withClasses(vae, classes)).toBe(vae);
  });

  it('takes other classes without touching the networks; with none it leaves them out', () => {
    const conditional = withClasses(presetRecipe('studio-32', 1), classes);
    expect(withClasses(conditional, ['a', 'b'])).toEqual({ ...conditional, classes: ['a', 'b'] });
    expect(sameNetworks(withClasses(conditional, ['a', 'b']), conditional)).toBe(false);
    expect(withClasses(conditional, []).classes).toEqual([]);
    expect(checkRecipe(withClasses(conditional, [])).problems).toEqual([]);
  });

  it('joins the class to the noise of a generator without batch normalisation, and follows names of layers', () => {
    const plain = presetRecipe('dcgan-32', 3);
    const layers = plain.generator.filter(({ kind }) => kind !== 'batchNorm');
    const recipe: Recipe = { ...plain, generator: layers };
    const conditional = withClasses(recipe, classes);
    expect(conditional.generator[0]).toMatchObject({ kind: 'classEmbedding' });
    expect(checkRecipe(conditional).problems).toEqual([]);
    expect(withoutClasses(conditional)).toEqual(recipe);
    const norm: LayerNode = { id: 'a-batchnorm', kind: 'batchNorm', settings: {} };
    const reader: LayerNode = { id: 'b', kind: 'relu', settings: {}, inputs: ['a-batchnorm'] };
    expect(withClasses({ ...plain, generator: [norm, reader] }, classes).generator[1]?.inputs).toEqual([
      'a-conditionalbatchnorm',
    ]);
  });
});

describe('checkRecipe', () => {
  it('marks layers that look at classes where there are none, with the remedy', () => {
    const { problems } = checkRecipe({ ...withClasses(presetRecipe('dcgan-32', 3), classes), classes: [] });
    expect(problems[0]).toMatchObject({ network: 'generator', layer: 'g3-conditionalbatchnorm' });
    expect(problems[0]?.problem).toBe('Conditional batch normalisation needs classes, but this recipe has none');
    expect(problems.some(({ network }) => network === 'discriminator')).toBe(true);
  });

  it('says which network looks at no class though there are some', () => {
    const recipe = presetRecipe('dcgan-32', 3);
    const half = { ...withClasses(recipe, classes), generator: recipe.generator };
    expect(checkRecipe(half).problems).toMatchObject([{ network: 'generator', layer: undefined }]);
  });
});
