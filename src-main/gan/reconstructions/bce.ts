import type { Scalar } from '@tensorflow/tfjs-core';
import { pictureSize, type Reconstruction } from '../reconstruction';

/**
 * Each pixel as a coin whose odds the decoder gives (Kingma and Welling 2014, appendix C.1), its brightness in 0 … 1 as the part of heads. The decoder
 * ends with tanh, and (1 + tanh l) / 2 = σ(2l), so the logit is twice what tanh took: `softplus(2l) − x·2l`, finite for any l.
 */
export const bce: Reconstruction = {
  id: 'bce',
  loss: (tf, { pictures, logits }) => {
    const [twice, brightness] = [tf.mul(logits, 2), tf.mul(tf.add(pictures, 1), 0.5)];
    const nats = tf.mean(tf.sub(tf.softplus(twice), tf.mul(brightness, twice)));
    return tf.mul<Scalar>(nats, pictureSize(pictures));
  },
};
