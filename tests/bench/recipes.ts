import { checkRecipe, type CheckedNetwork } from '#shared/recipe/check';
import { presetRecipe } from '#shared/recipe/presets';
import type { Recipe } from '#shared/recipe/recipe';

/** The DCGAN preset at a size, with `base` channels next to the pictures instead of the preset's 32. */
export function benchRecipe(base: number, size: number): Recipe {
  const recipe = presetRecipe(`dcgan-${size}`, 3);
  const scaled = (settings: Recipe['generator'][number]['settings']) =>
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => {
        const width = name === 'filters' || name === 'channels' || name === 'units';
        return [name, width && Number(value) > 3 ? (Number(value) * base) / 32 : value];
      }),
    );
  const wider = (layers: Recipe['generator']) =>
    layers.map((layer) => ({ ...layer, settings: scaled(layer.settings) }));
  return { ...recipe, generator: wider(recipe.generator), discriminator: wider(recipe.discriminator) };
}

/** The recipe with every setting filled in, as ganvas_torch.py reads it. */
export function torchRecipe(recipe: Recipe) {
  const checked = checkRecipe(recipe);
  const layers = (network: CheckedNetwork) => network.layers.map(({ node, settings }) => ({ ...node, settings }));
  return { ...recipe, generator: layers(checked.generator), discriminator: layers(checked.discriminator) };
}
