import { describe, expect, it } from 'vitest';
import { checkRecipe } from './check';
import { ModelSettings } from './model';
import { isUntouchedPreset, presetRecipe, presets, proposeRecipe, withModel } from './presets';
import { sameNetworks, type Recipe } from './recipe';

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

describe('withModel', () => {
  it('gives a GAN an encoder that fits its pictures and latents, and keeps its discriminator for the way back', () => {
    const gan = presetRecipe('studio-64', 3);
    const vae = withModel(gan, ModelSettings.parse({ kind: 'vae' }));
    expect(checkRecipe(vae).problems).toEqual([]);
    expect(vae.discriminator).toEqual(gan.discriminator);
    expect(sameNetworks(withModel(vae, { kind: 'gan' }), gan)).toBe(true);
    expect(sameNetworks(vae, gan)).toBe(false);
  });

  it('gives a VAE a discriminator', () => {
    expect(checkRecipe(withModel(presetRecipe('vae-32', 1), { kind: 'gan' })).problems).toEqual([]);
  });
});

describe('what a recipe asks for in vain', () => {
  const warningsOf = (recipe: Recipe) => checkRecipe(recipe).warnings;

  it('is nothing in a preset, of either model', () => {
    for (const { id } of presets) expect(warningsOf(presetRecipe(id, 3)), id).toEqual([]);
  });

  it('is named where a GAN’s recipe became a VAE’s, but for what a VAE reads too', () => {
    const gan = presetRecipe('studio-32', 3);
    const noise = { ...gan.discriminatorNoise, labels: 0.1 };
    const training = { ...gan.training, discriminatorSteps: 2 };
    const changed = { ...gan, discriminatorNoise: noise, training };
    expect(warningsOf(changed)).toEqual([]);
    const [warning, ...others] = warningsOf(withModel(changed, ModelSettings.parse({ kind: 'vae' })));
    expect(others).toEqual([]);
    expect(warning?.split(': ')[1]).toBe(
      'loss, penalty, label noise, translation, several updates of D, the discriminator’s optimiser.',
    );
  });
});

describe('a VAE’s recipe', () => {
  const vae = presetRecipe('vae-32', 3);
  const problemsOf = (change: Partial<Recipe>) =>
    checkRecipe({ ...vae, ...change }).problems.map(({ problem }) => problem);

  it('needs normal latents, and a final tanh for cross-entropy', () => {
    expect(problemsOf({ latent: { ...vae.latent, distribution: 'uniform' } })).toEqual([
      expect.stringContaining('normal distribution'),
    ]);
    expect(problemsOf({ generator: vae.generator.slice(0, -1) })).toEqual([expect.stringContaining('final tanh')]);
    expect(problemsOf({ generator: vae.generator.slice(0, -1), model: ModelSettings.parse({ kind: 'vae' }) })).toEqual(
      [],
    );
  });

  it('needs an encoder that ends with a mean and a log-variance for each latent number', () => {
    expect(problemsOf({ encoder: vae.encoder?.slice(0, -1) })).toEqual([expect.stringContaining('log-variance')]);
    expect(problemsOf({ encoder: undefined })).toEqual(['The encoder has no layers']);
  });
});
