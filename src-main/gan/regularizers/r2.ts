import type { Scalar } from '@tensorflow/tfjs-core';
import type { Regularizer } from '../regularizer';
import { squaredSlopes } from '../slope';

/** γ/2 · E‖∇D(G(z))‖² on generated pictures (Mescheder et al. 2018, equation 10). */
export const r2: Regularizer<'r2'> = {
  id: 'r2',
  penalty: (tf, { critic, fake, fakeLabels }, { gamma }) =>
    tf.mul(tf.mean(squaredSlopes(tf, critic, fake, fakeLabels)), gamma / 2) as Scalar,
};
