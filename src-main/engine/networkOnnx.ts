import { fail } from '#shared/contract/errors';
import type { Recipe } from '#shared/recipe/recipe';
import { buildNetworks } from '../gan/network';
import type { GeneratorWeights } from '../gan/state';
import { standaloneModel } from './compiled/sampleModel';

/**
 * The generator as an ONNX model that stands alone: input `z` [N, latent], output `pictures` [N, H, W, C] in −1 … 1, N free; weights inside,
 * under the names they have in checkpoints. A conditional one has a second input `labels` [N, classes]. Opset 17. Fails with `engine.unsupported` when a layer cannot be expressed.
 */
export function generatorOnnx(recipe: Recipe, generator: GeneratorWeights): Uint8Array {
  return standaloneModel(buildNetworks(recipe), 'generator', generator, metadataOf(recipe, generator.step));
}

/**
 * A VAE's encoder likewise: input `pictures` [N, H, W, C] in −1 … 1, outputs `mean` and `logVariance` [N, latent]. What the generator makes of the means
 * are reconstructions.
 */
export function encoderOnnx(recipe: Recipe, { encoder, step }: GeneratorWeights): Uint8Array {
  if (!encoder) return fail('latent.no-encoder');
  return standaloneModel(buildNetworks(recipe), 'encoder', encoder, metadataOf(recipe, step));
}

function metadataOf(
  { image: { size, channels }, latent, preset, classes }: Recipe,
  step: number,
): Record<string, string> {
  return {
    preset,
    step: String(step),
    latent: `${latent.size} numbers, ${latent.distribution}`,
    pictures: `${size}×${size}×${channels}, channels last, −1 … 1`,
    ...(classes.length > 0 && { labels: 'one-hot, in the order of the classes', classes: JSON.stringify(classes) }),
  };
}
