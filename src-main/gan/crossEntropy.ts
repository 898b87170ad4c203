import type { Tf } from '#shared/recipe/layerKind';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/**
 * Binary cross-entropy of D's sigmoid, written with logits, `−log σ(l) = softplus(−l)`, which stays finite where the logarithm of a rounded
 * sigmoid does not. Reals count as real to `1 − labelSmoothing` (Salimans et al. 2016, section 3.4).
 */
export function crossEntropy(
  tf: Tf,
  real: Tensor,
  fake: Tensor,
  { labelSmoothing }: { readonly labelSmoothing: number },
): Scalar {
  const asReal = tf.mean(tf.softplus(tf.neg(real)));
  const smoothed =
    labelSmoothing === 0
      ? asReal
      : tf.add(tf.mul(asReal, 1 - labelSmoothing), tf.mul(tf.mean(tf.softplus(real)), labelSmoothing));
  return tf.add(smoothed, tf.mean(tf.softplus(fake)));
}
