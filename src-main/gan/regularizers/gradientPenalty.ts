import type { Scalar } from '@tensorflow/tfjs-core';
import type { Regularizer } from '../regularizer';
import { squaredSlopes } from '../slope';

/** Under the root, so that its derivative stays finite where the slope is zero. */
const TINY = 1e-12;

/** λ · E(‖∇D(x̂)‖ − 1)² on mixtures x̂ of a real and a generated picture (Gulrajani et al. 2017, equation 3). */
export const gradientPenalty: Regularizer<'gradientPenalty'> = {
  id: 'gradientPenalty',
  penalty: (tf, { critic, real, fake, mix }, { lambda }) => {
    if (!mix) throw new Error('the gradient penalty needs the places between real and fake');
    const share = tf.reshape(mix, [-1, ...real.shape.slice(1).map(() => 1)]);
    const between = tf.add(fake, tf.mul(tf.sub(real, fake), share));
    const slopes = tf.sqrt(tf.add(squaredSlopes(tf, critic, between), TINY));
    return tf.mul(tf.mean(tf.square(tf.sub(slopes, 1))), lambda) as Scalar;
  },
};
