import { AdamSettings } from '#shared/recipe/optimizer';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { follow, type OptimizerState, type Schedule } from '../optimizer';
import { adam } from './adam';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

const scalars = ({ rate, epsilon, shrink }: Schedule<number>): Schedule<tf.Scalar> => ({
  rate: tf.scalar(rate),
  epsilon: tf.scalar(epsilon),
  shrink: tf.scalar(shrink),
});

describe('Adam', () => {
  it('takes a first step of the learning rate against each gradient’s sign', () => {
    const settings = AdamSettings.parse({ learningRate: 0.1 });
    const start = {
      weights: tf.tensor1d([1, 1]),
      firstMoment: tf.zeros<tf.Rank.R1>([2]),
      secondMoment: tf.zeros<tf.Rank.R1>([2]),
    };
    const schedule = scalars(adam.schedule(settings, 0.1, 1));
    const { weights } = adam.update(tf, start, tf.tensor1d([5, -0.003]), schedule, settings);
    expect(weights.dataSync()[0]).toBeCloseTo(0.9, 5);
    expect(weights.dataSync()[1]).toBeCloseTo(1.1, 4);
  });

  it('is the paper’s algorithm 1 over many steps, in double precision', () => {
    const settings = AdamSettings.parse({ beta1: 0.9, epsilon: 1e-4 });
    const learningRate = 0.01;
    let [w, m, v] = [0.5, 0, 0];
    let state: OptimizerState = {
      weights: tf.tensor1d([w]),
      firstMoment: tf.tensor1d([m]),
      secondMoment: tf.tensor1d([v]),
    };
    for (let step = 1; step <= 20; step++) {
      const gradient = Math.sin(step) * 0.1;
      m = settings.beta1 * m + (1 - settings.beta1) * gradient;
      v = settings.beta2 * v + (1 - settings.beta2) * gradient ** 2;
      const [corrected, spread] = [m / (1 - settings.beta1 ** step), v / (1 - settings.beta2 ** step)];
      w -= (learningRate * corrected) / (Math.sqrt(spread) + settings.epsilon);
      const schedule = scalars(adam.schedule(settings, learningRate, step));
      state = follow(tf, state, tf.tensor1d([gradient]), schedule, settings);
    }
    expect(state.weights.dataSync()[0]).toBeCloseTo(w, 5);
    expect(state.firstMoment.dataSync()[0]).toBeCloseTo(m, 6);
    expect(state.secondMoment.dataSync()[0]).toBeCloseTo(v, 7);
  });
});
