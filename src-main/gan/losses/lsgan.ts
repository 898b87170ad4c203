import type { Scalar } from '@tensorflow/tfjs-core';
import type { Loss } from '../loss';

/** Least squares with the targets 0 and 1 (Mao et al. 2017, equation 9). D's score itself lies on the scale of the verdict. */
export const lsgan: Loss<'lsgan'> = {
  id: 'lsgan',
  discriminator: (tf, real, fake, { labelSmoothing }) => {
    const onReal = tf.mean(tf.square(tf.sub(real, 1 - labelSmoothing)));
    return tf.mul(tf.add(onReal, tf.mean(tf.square(fake))), 0.5) as Scalar;
  },
  generator: (tf, fake) => tf.mul(tf.mean(tf.square(tf.sub(fake, 1))), 0.5) as Scalar,
  generatorSeesReals: false,
  verdicts: (tf, real, fake) => ({ real: tf.clipByValue(real, 0, 1), fake: tf.clipByValue(fake, 0, 1) }),
};
