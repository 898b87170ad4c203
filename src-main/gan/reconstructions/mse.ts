import type { Scalar } from '@tensorflow/tfjs-core';
import { pictureSize, type Reconstruction } from '../reconstruction';

/** Each pixel normal around the reconstruction with a deviation of one, without the constant: half the squared distance. */
export const mse: Reconstruction = {
  id: 'mse',
  loss: (tf, { pictures, reconstructed }) => {
    const error = tf.mean(tf.square(tf.sub(pictures, reconstructed)));
    return tf.mul<Scalar>(error, pictureSize(pictures) / 2);
  },
};
