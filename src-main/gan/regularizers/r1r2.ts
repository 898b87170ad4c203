import type { Scalar } from '@tensorflow/tfjs-core';
import type { Regularizer } from '../regularizer';
import { squaredSlopes } from '../slope';

/** R1 and R2 with one γ (Huang et al. 2024, equation 5). */
export const r1r2: Regularizer<'r1r2'> = {
  id: 'r1r2',
  penalty: (tf, { critic, real, fake, realLabels, fakeLabels }, { gamma }) => {
    const onReal = tf.mean(squaredSlopes(tf, critic, real, realLabels));
    const onFake = tf.mean(squaredSlopes(tf, critic, fake, fakeLabels));
    return tf.mul(tf.add(onReal, onFake), gamma / 2) as Scalar;
  },
};
