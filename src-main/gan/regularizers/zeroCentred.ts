import type { Scalar } from '@tensorflow/tfjs-core';
import type { Regularizer } from '../regularizer';
import { mixtures, squaredSlopes } from '../slope';

/** λ · E‖∇D(x̂)‖² on mixtures x̂ of a real and a generated picture (Thanh-Tung et al. 2019, equation 6). */
export const zeroCentred: Regularizer<'zeroCentred'> = {
  id: 'zeroCentred',
  penalty: (tf, inputs, { lambda }) =>
    tf.mul(tf.mean(squaredSlopes(tf, inputs.critic, ...mixtures(tf, inputs))), lambda) as Scalar,
};
