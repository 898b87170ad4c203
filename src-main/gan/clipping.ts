import type { Tf } from '#shared/recipe/layerKind';
import type { ClippingSettings } from '#shared/recipe/optimizer';
import type { Tensor1D } from '@tensorflow/tfjs-core';

/** PyTorch's, so that the shortest gradient is divided by no zero. */
const TINY = 1e-6;

/** A network's gradient with its numbers, then its length, clipped (Pascanu et al. 2013, algorithm 1). */
export function clipped(tf: Tf, gradient: Tensor1D, { value, norm }: ClippingSettings): Tensor1D {
  const bounded = value > 0 ? tf.clipByValue(gradient, -value, value) : gradient;
  if (norm === 0) return bounded;
  const length = tf.sqrt(tf.sum(tf.square(bounded)));
  return tf.mul<Tensor1D>(bounded, tf.minimum(1, tf.div(norm, tf.add(length, TINY))));
}
