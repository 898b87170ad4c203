import { fail } from '#shared/contract/errors';
import type { Recipe } from '#shared/recipe/recipe';
import type { GeneratorWeights } from '../gan/state';

/** The generator as a standalone ONNX model: input `z` [N, latent], output `pictures` [N, H, W, C] in −1 … 1, N free. */
export function generatorOnnx(_recipe: Recipe, _generator: GeneratorWeights): Uint8Array {
  return fail('engine.unsupported', { kernel: 'export' });
}
