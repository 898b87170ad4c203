import type { Scalar } from '@tensorflow/tfjs-core';
import type { Loss } from '../loss';

/**
 * The first GAN's loss with the non-saturating generator (Goodfellow et al. 2014, sections 3 and 4.1): binary cross-entropy of
 * D's sigmoid, written with logits, `−log σ(l) = softplus(−l)`, which stays finite where the logarithm of a rounded sigmoid does not.
 */
export const bceNonSaturating: Loss = {
  id: 'bceNonSaturating',
  discriminator: (tf, realLogits, fakeLogits) =>
    tf.add(tf.mean(tf.softplus(tf.neg(realLogits))), tf.mean(tf.softplus(fakeLogits))) as Scalar,
  generator: (tf, fakeLogits) => tf.mean(tf.softplus(tf.neg(fakeLogits))) as Scalar,
};
