import type { Scalar } from '@tensorflow/tfjs-core';
import type { Regularizer } from '../regularizer';
import { mixtures, squaredSlopes } from '../slope';

/** Under the root, so that its derivative stays finite where the slope is zero. */
const TINY = 1e-12;

/** λ · E(‖∇D(x̂)‖ − 1)² on mixtures x̂ of a real and a generated picture (Gulrajani et al. 2017, equation 3). */
export const gradientPenalty: Regularizer<'gradientPenalty'> = {
  id: 'gradientPenalty',
  penalty: (tf, inputs, { lambda }) => {
    const slopes = tf.sqrt(tf.add(squaredSlopes(tf, inputs.critic, ...mixtures(tf, inputs)), TINY));
    return tf.mul(tf.mean(tf.square(tf.sub(slopes, 1))), lambda) as Scalar;
  },
};
