import { describe, expect, it } from 'vitest';
import { AugmentationSettings } from '#shared/recipe/augmentation';
import { consistencyChoices } from '#shared/recipe/consistency';
import { DiscriminatorNoiseSettings } from '#shared/recipe/discriminatorNoise';
import { lossChoices } from '#shared/recipe/loss';
import { regularizerChoices } from '#shared/recipe/regularizer';
import { layerKinds } from '#shared/recipe/layerRegistry';
import { AdamSettings, ClippingSettings, optimizerChoices } from '#shared/recipe/optimizer';
import { Recipe } from '#shared/recipe/recipe';
import { settingControls, shownControls } from './settingControls';

const byKey = (schema: Parameters<typeof settingControls>[0]) =>
  Object.fromEntries(settingControls(schema).map((setting) => [setting.key, setting]));

describe('forms drawn from schemas', () => {
  it('give every setting of every layer a control with a title and help', () => {
    for (const { id, settings } of layerKinds.values()) {
      for (const { key, title, help } of settingControls(settings)) {
        expect(title, `${id}.${key}`).not.toBe(key);
        expect(help, `${id}.${key}`).toBeTruthy();
      }
    }
  });

  it('choose controls that suit: slider, number box, choice, switch', () => {
    const kind = layerKinds.get('conv2d');
    if (!kind) throw new Error('conv2d is a layer');
    const { kernel, filters, padding, useBias } = byKey(kind.settings);
    expect(kernel).toMatchObject({ unit: 'px', control: { kind: 'slider', from: 1, to: 15, step: 1 } });
    expect(filters?.control).toMatchObject({
      kind: 'number',
      initial: 64,
      range: { min: 1, max: 4096, integer: true },
    });
    expect(padding?.control).toEqual({ kind: 'choice', options: ['same', 'valid', 'explicit'], initial: 'same' });
    expect(useBias?.control).toEqual({ kind: 'switch', initial: true });
  });

  it('fold away what few look for: windows that are not square', () => {
    const advanced = (id: string) =>
      settingControls(layerKinds.get(id)?.settings ?? AdamSettings).flatMap(({ key, advanced }) =>
        advanced ? key : [],
      );
    const borders = ['borderTop', 'borderBottom', 'borderLeft', 'borderRight'];
    expect(advanced('conv2d')).toEqual(['kernelWidth', 'strideWidth', ...borders]);
    expect(advanced('maxPool')).toEqual(['sizeWidth', 'strideWidth']);
    expect(advanced('dense')).toEqual([]);
  });

  it('put rates on a logarithmic track and leave constants out', () => {
    const { kind, learningRate, beta1 } = byKey(AdamSettings);
    expect(kind).toBeUndefined();
    expect(learningRate?.control).toMatchObject({ kind: 'slider', scale: 'log', to: 0.02 });
    expect(learningRate?.control).toMatchObject({ range: { min: 0, minExclusive: true, max: 1 } });
    expect(beta1?.control).toMatchObject({ kind: 'slider', scale: 'linear', from: 0, to: 0.99 });
  });

  it('take a number box where a track would have more steps than a hand can find', () => {
    const { norm } = byKey(ClippingSettings);
    expect(norm?.control).toEqual({
      kind: 'number',
      initial: 0,
      range: { min: 0, max: 1e6, minExclusive: false, maxExclusive: false, integer: false },
    });
  });

  it('show a group at a time, and nothing that another setting leaves without meaning', () => {
    const keys = (values: Record<string, unknown>, group?: string) =>
      shownControls(settingControls(Recipe.shape.training), values, group).map(({ key }) => key);
    expect(keys({})).toEqual(['batchSize', 'steps', 'discriminatorSteps']);
    expect(keys({}, 'schedule')).toEqual(['rateDecay', 'warmUp']);
    expect(keys({ rateDecay: 0.5 }, 'schedule')).toEqual(['rateDecay', 'rateShape', 'rateAtEnd', 'warmUp']);
    const augmentation = (values: Record<string, unknown>) =>
      shownControls(settingControls(AugmentationSettings), values).map(({ key }) => key);
    expect(augmentation({})).not.toContain('adaptiveTarget');
    expect(augmentation({ adaptive: true })).toContain('adaptiveTarget');
  });

  it('draw the recipe’s own settings', () => {
    expect(Object.keys(byKey(Recipe.shape.training)).slice(0, 2)).toEqual(['batchSize', 'steps']);
    const choices = [lossChoices, regularizerChoices, optimizerChoices, consistencyChoices].flatMap((kinds) =>
      Object.values(kinds),
    );
    const parts = [Recipe.shape.training, AugmentationSettings, ClippingSettings, DiscriminatorNoiseSettings];
    const schemas = [...parts, ...choices.map(({ settings }) => settings)];
    for (const setting of schemas.flatMap((schema) => settingControls(schema))) {
      expect(setting.title, setting.key).not.toBe(setting.key);
      expect(setting.help, setting.key).toBeTruthy();
    }
    expect(byKey(Recipe.shape.latent)['distribution']?.control).toMatchObject({ options: ['normal', 'uniform'] });
  });
});
