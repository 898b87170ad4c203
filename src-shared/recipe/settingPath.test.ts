import { describe, expect, it } from 'vitest';
import { presetRecipe } from './presets';
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
  ])('%s is not set to %j', (path, value, named) => {
    expect(() => withSetting(recipe, path, value)).toThrow(
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
