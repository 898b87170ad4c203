import { checkRecipe, type CheckedNetwork } from './check';
import { shapeSize } from './layerKind';
import type { Recipe } from './recipe';

const FLOAT_BYTES = 4;
/** Of each learned number there are its gradient, two moments and itself, and the new ones of the step beside the old: the least of any engine. */
const COPIES_OF_A_PARAMETER = 7;

/**
 * Bytes that training needs at the very least: states before and after a step, and the outputs that gradients are computed from. What an engine takes
 * beside them (columns of convolutions, buffers) is not counted, so that nothing is refused that could run.
 */
export function leastTrainingBytes(recipe: Recipe, batchSize: number): number {
  const { generator, discriminator, encoder } = checkRecipe(recipe);
  const networks = [generator, discriminator, encoder].filter((network) => network !== undefined);
  const parameters = networks.reduce((sum, network) => sum + network.parameters, 0);
  const kept = networks.reduce((sum, network) => sum + keptOutputs(network), 0);
  // D sees the real and the generated pictures.
  const outputs = batchSize * (kept + (discriminator ? keptOutputs(discriminator) : 0));
  return FLOAT_BYTES * (parameters * COPIES_OF_A_PARAMETER + outputs);
}

/** What training one network of a recipe takes at the very least, bytes: what it learns with its moments and gradients, and what its layers put out. */
export function networkBytes(
  network: CheckedNetwork,
  batchSize: number,
): { readonly state: number; readonly outputs: number } {
  return {
    state: FLOAT_BYTES * network.parameters * COPIES_OF_A_PARAMETER,
    outputs: FLOAT_BYTES * batchSize * keptOutputs(network),
  };
}

/** Numbers a picture that layers with weights put out; those without may work in place. */
function keptOutputs({ layers }: CheckedNetwork): number {
  return layers.reduce((sum, { output, parameters }) => sum + (output && parameters > 0 ? shapeSize(output) : 0), 0);
}
