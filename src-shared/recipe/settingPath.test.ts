import { describe, expect, it } from 'vitest';
import { checkRecipe } from './check';
import { ModelSettings } from './model';
import { presetRecipe, withModel } from './presets';
import { settingAt, typedValue, withSetting } from './settingPath';

const recipe = presetRecipe('studio-32', 3);

describe('a setting by its path', () => {
  it('is read, with its default where the recipe leaves it out', () => {
    expect(settingAt(recipe, 'training.batchSize')).toBe(16);
    expect(settingAt(recipe, 'optimizers.generator.beta2')).toBe(0.99);
    expect(settingAt(recipe, 'generator.g1-dense.useBias')).toBe(false);
    expect(settingAt(recipe, 'generator.g3-batchnorm.momentum')).toBe(0.1);
    expect(settingAt(recipe, 'loss')).toEqual({ kind: 'hinge' });
    expect(settingAt(recipe, '')).toBe(recipe);
  });

  it('is changed, and nothing else is', () => {
    const changed = withSetting(recipe, 'training.microBatches', 4);
    expect(changed).toEqual({ ...recipe, training: { ...recipe.training, microBatches: 4 } });
    const layer = withSetting(recipe, 'discriminator.d1-conv2d.filters', 48);
    expect(settingAt(layer, 'discriminator.d1-conv2d.filters')).toBe(48);
    expect(layer.generator).toEqual(recipe.generator);
  });

  it('that is a kind brings that kind’s own settings', () => {
    expect(withSetting(recipe, 'regularizer.kind', 'zeroCentred').regularizer).toEqual({
      kind: 'zeroCentred',
      lambda: 10,
      every: 1,
    });
    const sgd = withSetting(recipe, 'optimizers.discriminator.kind', 'sgd').optimizers;
    expect(sgd.discriminator).toMatchObject({ kind: 'sgd', momentum: 0.9 });
    expect(sgd.generator).toEqual(recipe.optimizers.generator);
    expect(withSetting(recipe, 'loss.kind', 'hinge')).toEqual(recipe);
  });

  it('of a layer is its kind too, whose settings begin anew, and the layers that it takes', () => {
    expect(settingAt(recipe, 'generator.g2-reshape.kind')).toBe('reshape');
    expect(settingAt(recipe, 'generator.g2-reshape.inputs')).toEqual(['g1-dense']);
    const kind = withSetting(recipe, 'generator.g3-batchnorm.kind', 'pixelNorm');
    expect(kind.generator[2]).toEqual({ id: 'g3-batchnorm', kind: 'pixelNorm', settings: {} });
    const inputs = withSetting(recipe, 'generator.g4-relu.inputs', ['g2-reshape']);
    expect(inputs.generator[3]).toEqual({ ...recipe.generator[3], inputs: ['g2-reshape'] });
  });

  it('that is the model brings the network that it needs', () => {
    const vae = withSetting(recipe, 'model.kind', 'vae');
    expect(vae).toEqual(withModel(recipe, ModelSettings.parse({ kind: 'vae' })));
    expect(checkRecipe(vae).problems).toEqual([]);
    expect(withSetting(vae, 'model.beta', 2).encoder).toEqual(vae.encoder);
    const gan = withSetting(presetRecipe('vae-32', 3), 'model', { kind: 'gan' });
    expect(checkRecipe(gan).problems).toEqual([]);
  });

  it('of an encoder that goes with the generator’s is read there, and its own once it is set', () => {
    const vae = withSetting(recipe, 'model.kind', 'vae');
    expect(settingAt(vae, 'optimizers.encoder')).toEqual(vae.optimizers.generator);
    expect(settingAt(vae, 'clipping.encoder.norm')).toBe(0);
    const own = withSetting(vae, 'optimizers.encoder.learningRate', 0.001);
    expect(own.optimizers.encoder).toEqual({ ...vae.optimizers.generator, learningRate: 0.001 });
    expect(own.optimizers.generator).toEqual(vae.optimizers.generator);
    expect(own.clipping).toEqual(vae.clipping);
    expect(withSetting(vae, 'clipping.encoder.norm', 1).clipping.encoder).toEqual({ value: 0, norm: 1 });
    expect(withSetting(vae, 'training.steps', 5).optimizers).toEqual(vae.optimizers);
    expect(() => settingAt(recipe, 'optimizers.encoder')).toThrow(
      expect.objectContaining({ facts: { path: 'optimizers.encoder', known: 'generator, discriminator' } }),
    );
  });

  it('is not asked about where a layer was not valid before, so that it can be mended', () => {
    const generator = recipe.generator.map((node, index) =>
      index === 0 ? { ...node, settings: { units: -1 } } : node,
    );
    const broken = { ...recipe, generator };
    expect(withSetting(broken, 'training.steps', 5).generator).toEqual(broken.generator);
    expect(settingAt(withSetting(broken, 'generator.g1-dense.units', 9), 'generator.g1-dense.units')).toBe(9);
  });

  it.each([
    ['training.batch', 'training.batch', 'batchSize, steps'],
    ['nothing', 'nothing', 'training'],
    ['training.steps.more', 'training.steps.more', 'single value'],
    ['generator.g9-none.units', 'generator.g9-none', 'g1-dense'],
    ['generator.g1-dense.unit', 'generator.g1-dense.unit', 'units'],
    ['__proto__.polluted', '__proto__', 'training'],
  ])('%s is missed, and what there is instead is named', (path, missed, known) => {
    const wanted = expect.objectContaining({
      code: 'recipe.no-setting',
      facts: { path: missed, known: expect.stringContaining(known) as string },
    });
    expect(() => settingAt(recipe, path)).toThrow(wanted);
    expect(() => withSetting(recipe, path, 1)).toThrow(wanted);
  });

  it.each([
    ['training.steps', 0, 'training.steps'],
    ['training.steps', 'many', 'training.steps'],
    ['loss.kind', 'unknown', 'loss'],
    ['generator.g1-dense.units', -1, 'generator.g1-dense.units'],
    ['generator.g1-dense.initializer', 'guess', 'generator.g1-dense.initializer'],
    [
      'generator.g1-dense.kind',
      'unknown',
      'generator.g1-dense.kind: there is no layer called “unknown”, but averagePool',
    ],
    ['generator.g2-reshape.inputs', 'g1-dense', 'generator.1.inputs'],
    ['generator', [{ id: 'g1', kind: 'dense', settings: { units: -1 } }], 'generator.g1.units'],
    ['encoder.e1-conv2d.filters', -1, 'encoder.e1-conv2d.filters'],
  ])('%s is not set to %j', (path, value, named) => {
    const both = { ...recipe, encoder: presetRecipe('vae-32', 3).encoder };
    expect(() => withSetting(both, path, value)).toThrow(
      expect.objectContaining({
        code: 'recipe.invalid',
        facts: { problem: expect.stringContaining(named) as string },
      }),
    );
  });

  it('is typed as a number, a switch, a part or a word', () => {
    expect(['3', '1e-4', 'true', '{"kind":"none"}', 'hinge'].map(typedValue)).toEqual([
      ...[3, 1e-4, true],
      { kind: 'none' },
      'hinge',
    ]);
  });
});
