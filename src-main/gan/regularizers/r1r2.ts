import type { Scalar } from '@tensorflow/tfjs-core';
import type { Regularizer } from '../regularizer';
import { squaredSlopes } from '../slope';

/** R1 and R2 with one γ (Huang et al. 2024, equation 5). */
export const r1r2: Regularizer<'r1r2'> = {
  id: 'r1r2',
  penalty: (tf, { critic, real, fake }, { gamma }) => {
    const both = tf.add(tf.mean(squaredSlopes(tf, critic, real)), tf.mean(squaredSlopes(tf, critic, fake)));
    return tf.mul(both, gamma / 2) as Scalar;
  },
};
