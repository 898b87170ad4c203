import type { Tf } from '#shared/recipe/layerKind';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * D's outputs `[N, 1]` with the labels of some pairs exchanged (`[N]`, 1: exchanged): what a real picture got counts as a fake's, and the other way round.
 * So every loss has label noise, those too that compare the two.
 */
export function exchange(tf: Tf, real: Tensor, fake: Tensor, exchanged: Tensor | undefined): [Tensor, Tensor] {
  if (!exchanged) return [real, fake];
  const other = tf.reshape(exchanged, [-1, 1]);
  const own = tf.sub(1, other);
  return [tf.add(tf.mul(real, own), tf.mul(fake, other)), tf.add(tf.mul(fake, own), tf.mul(real, other))];
}
