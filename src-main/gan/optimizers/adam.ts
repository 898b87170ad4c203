import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Optimizer } from '../optimizer';

/**
 * Adam (Kingma and Ba 2015) on a whole network's flat vectors. Both bias corrections are folded into the two scheduled scalars:
 * `w − lr · (m/c₁) / (√(v/c₂) + ε)` equals `w − rate · m / (√v + epsilon)` with `rate = lr·√c₂/c₁`, `epsilon = ε·√c₂`, `cᵢ = 1 − βᵢᵗ`
 * (the end of the paper's section 2), so no vector is divided by a correction.
 */
export const adam: Optimizer<'adam'> = {
  id: 'adam',
  keeps: () => ['firstMoment', 'secondMoment'],
  schedule: ({ beta1, beta2, epsilon }, learningRate, step) => {
    const secondCorrection = Math.sqrt(1 - beta2 ** step);
    return {
      rate: (learningRate * secondCorrection) / (1 - beta1 ** step),
      epsilon: epsilon * secondCorrection,
      shrink: 0,
    };
  },
  update: (tf, { weights, firstMoment, secondMoment }, gradient, { rate, epsilon }, { beta1, beta2 }) => {
    const first = tf.add<Tensor1D>(tf.mul(firstMoment, beta1), tf.mul(gradient, 1 - beta1));
    const second = tf.add<Tensor1D>(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const change = tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), epsilon));
    return { weights: tf.sub<Tensor1D>(weights, change), firstMoment: first, secondMoment: second };
  },
};
