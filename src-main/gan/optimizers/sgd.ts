import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Optimizer } from '../optimizer';

/** Gradient descent with momentum as PyTorch has it: `m ← μ·m + g`, `w ← w − lr·m`; with Nesterov's (Sutskever et al. 2013) `w ← w − lr·(g + μ·m)`. */
export const sgd: Optimizer<'sgd'> = {
  id: 'sgd',
  keeps: ({ momentum }) => (momentum > 0 ? ['firstMoment'] : []),
  schedule: (_settings, rate) => ({ rate, epsilon: 0, shrink: 0 }),
  update: (tf, { weights, firstMoment }, gradient, { rate }, { momentum, nesterov }) => {
    if (momentum === 0) return { weights: tf.sub<Tensor1D>(weights, tf.mul(gradient, rate)) };
    const first = tf.add<Tensor1D>(tf.mul(firstMoment, momentum), gradient);
    const direction = nesterov ? tf.add(gradient, tf.mul(first, momentum)) : first;
    return { weights: tf.sub<Tensor1D>(weights, tf.mul(direction, rate)), firstMoment: first };
  },
};
