import type { Tf } from '#shared/recipe/layerKind';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { augmented, type AugmentNumbers } from './augment';
import type { Gan } from './network';

/** Pictures `[N, H, W, C]` as D sees them: changed as the recipe asks, then blurred with `noise` of the deviation. */
export function asSeen(
  tf: Tf,
  { recipe }: Gan,
  pictures: Tensor,
  changes: AugmentNumbers,
  noise: Tensor | undefined,
  deviation: Scalar,
): Tensor {
  const changed = augmented(tf, recipe, pictures, changes);
  return noise ? tf.add(changed, tf.mul(noise, deviation)) : changed;
}
