import type { Scalar } from '@tensorflow/tfjs-core';
import type { Regularizer } from '../regularizer';
import { squaredSlopes } from '../slope';

/** γ/2 · E‖∇D(x)‖² on real pictures (Mescheder et al. 2018, equation 9). */
export const r1: Regularizer<'r1'> = {
  id: 'r1',
  penalty: (tf, { critic, real, realLabels }, { gamma }) =>
    tf.mul(tf.mean(squaredSlopes(tf, critic, real, realLabels)), gamma / 2) as Scalar,
};
