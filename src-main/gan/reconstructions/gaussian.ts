import type { Scalar } from '@tensorflow/tfjs-core';
import { pictureSize, type Reconstruction } from '../reconstruction';

/** Variance of the error of rounding to 256 levels in −1 … 1: no picture is known more precisely. */
const ROUNDING = (2 / 255) ** 2 / 12;

/**
 * Each pixel normal around the reconstruction, with the one variance that makes the batch most probable, which is its mean squared error (σ-VAE: Rybkin,
 * Daniilidis and Levine 2021, section 3.2): `½ · pixels · (log(2π · error) + 1)`. So reconstruction and KL are balanced without tuning β.
 */
export const gaussian: Reconstruction = {
  id: 'gaussian',
  loss: (tf, { pictures, reconstructed }) => {
    const variance = tf.add(tf.mean(tf.square(tf.sub(pictures, reconstructed))), ROUNDING);
    return tf.mul<Scalar>(tf.add(tf.log(tf.mul(variance, 2 * Math.PI)), 1), pictureSize(pictures) / 2);
  },
};
