import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Optimizer } from '../optimizer';

/** RMSprop (Hinton's lecture 6e, 2012) as PyTorch has it: `v ← α·v + (1 − α)·g²`, `w ← w − lr · g / (√v + ε)`, the quotient with momentum if wanted. */
export const rmsprop: Optimizer<'rmsprop'> = {
  id: 'rmsprop',
  keeps: ({ momentum }) => (momentum > 0 ? ['firstMoment', 'secondMoment'] : ['secondMoment']),
  schedule: ({ epsilon }, rate) => ({ rate, epsilon, shrink: 0 }),
  update: (tf, { weights, firstMoment, secondMoment }, gradient, { rate, epsilon }, { smoothing, momentum }) => {
    const second = tf.add<Tensor1D>(tf.mul(secondMoment, smoothing), tf.mul(tf.square(gradient), 1 - smoothing));
    const scaled = tf.div(gradient, tf.add(tf.sqrt(second), epsilon));
    const first = momentum > 0 ? tf.add<Tensor1D>(tf.mul(firstMoment, momentum), scaled) : undefined;
    return {
      weights: tf.sub<Tensor1D>(weights, tf.mul(first ?? scaled, rate)),
      ...(first && { firstMoment: first }),
      secondMoment: second,
    };
  },
};
