import type { Tf } from '#shared/recipe/layerKind';
import type { NetworkName } from '#shared/recipe/model';
import { clippingSettingsOf, optimizerSettingsOf } from '#shared/recipe/recipe';
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core';
import { clipped } from './clipping';
import type { Networks } from './network';
import { follow, type OptimizerState, type Schedule } from './optimizer';

/** A network's vectors after its optimiser followed `gradient`, clipped as the recipe says. */
export function optimize(
  tf: Tf,
  { recipe }: Pick<Networks, 'recipe'>,
  network: NetworkName,
  state: OptimizerState,
  gradient: Tensor1D,
  schedule: Schedule<Scalar>,
): OptimizerState {
  const bounded = clipped(tf, gradient, clippingSettingsOf(recipe, network));
  return follow(tf, state, bounded, schedule, optimizerSettingsOf(recipe, network));
}
