import type { Recipe } from '#shared/recipe/recipe';
import { buildNetworks } from '../gan/network';
import type { GeneratorWeights } from '../gan/state';
import { standaloneModel } from './compiled/sampleModel';

/**
 * The generator as an ONNX model that stands alone: input `z` [N, latent], output `pictures` [N, H, W, C] in −1 … 1, N free; weights inside,
 * under the names they have in checkpoints. Opset 17. Fails with `engine.unsupported` when a layer cannot be expressed.
 */
export function generatorOnnx(recipe: Recipe, generator: GeneratorWeights): Uint8Array {
  const { size, channels } = recipe.image;
  return standaloneModel(buildNetworks(recipe), generator, {
    preset: recipe.preset,
    step: String(generator.step),
    latent: `${recipe.latent.size} numbers, ${recipe.latent.distribution}`,
    pictures: `${size}×${size}×${channels}, channels last, −1 … 1`,
  });
}
