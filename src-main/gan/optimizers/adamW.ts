import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Optimizer } from '../optimizer';
import { adam } from './adam';

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): the weights lose `lr · λ` of themselves, then Adam's step is taken. */
export const adamW: Optimizer<'adamW'> = {
  id: 'adamW',
  keeps: () => ['firstMoment', 'secondMoment'],
  schedule: (settings, learningRate, step) => ({
    ...adam.schedule({ ...settings, kind: 'adam' }, learningRate, step),
    shrink: learningRate * settings.weightDecay,
  }),
  update: (tf, state, gradient, schedule, settings) => {
    const weights = tf.mul<Tensor1D>(state.weights, tf.sub(1, schedule.shrink));
    return adam.update(tf, { ...state, weights }, gradient, schedule, { ...settings, kind: 'adam' });
  },
};
