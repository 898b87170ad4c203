import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { installGradients } from './gradients';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

describe('gradients of activations', () => {
  it('are 1, 0 or the slope, and 0 or the slope at 0', () => {
    const x = tf.tensor1d([-2, 0, 3]);
    const dy = tf.tensor1d([10, 20, 30]);
    expect([
      ...tf
        .grad((t) => tf.relu(t))(x, dy)
        .dataSync(),
    ]).toEqual([0, 0, 30]);
    const leaky = [
      ...tf
        .grad((t) => tf.leakyRelu(t, 0.25))(x, dy)
        .dataSync(),
    ];
    expect(leaky).toEqual([2.5, 5, 30]);
  });
});

describe('a penalty on a gradient', () => {
  const x = tf.randomNormal([2, 6, 6, 2], 0, 1, 'float32', 1);
  const filter = tf.randomNormal([3, 3, 2, 3], 0, 0.5, 'float32', 2);

  /** As in R1: the squared gradient of a small critic with respect to its pictures. */
  const penalty = (w: tf.Tensor): tf.Scalar => {
    const critic = (pictures: tf.Tensor) => {
      // Smooth, so that differences tell the derivative; the masks' part is exact in the test below.
      return tf.sum(tf.tanh(tf.conv2d(pictures as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'))) as tf.Scalar;
    };
    return tf.sum(tf.square(tf.grad(critic)(x)));
  };

  it('has the derivative that finite differences give', () => {
    const gradient = tf.grad(penalty)(filter).dataSync();
    const numbers = filter.dataSync<'float32'>();
    const at = (index: number, change: number) => {
      const moved = Float32Array.from(numbers);
      moved[index] = (moved[index] as number) + change;
      return penalty(tf.tensor(moved, filter.shape)).dataSync()[0] as number;
    };
    for (const index of [0, 7, 20, 41, 53]) {
      const difference = (at(index, 3e-3) - at(index, -3e-3)) / 6e-3;
      expect(Math.abs(difference - (gradient[index] as number)), `weight ${index}`).toBeLessThan(
        0.02 * Math.max(1, Math.abs(difference)),
      );
    }
  });

  it.each([
    [2, 1],
    [-3, 0.25],
  ])('passes through a leaky ReLU as through its slope: x = %d', (number, slope) => {
    // f = leaky(w·x)², f′ = 2·slope²·w²·x; so the derivative of (f′)² with respect to w is 16·slope⁴·w³·x².
    const w = 0.5;
    const squaredGradient = (weight: tf.Tensor) =>
      tf.sum(tf.square(tf.grad((t) => tf.square(tf.leakyRelu(tf.mul(t, weight), 0.25)))(tf.scalar(number))));
    const derivative = tf.grad(squaredGradient)(tf.scalar(w)).dataSync()[0];
    expect(derivative).toBeCloseTo(16 * slope ** 4 * w ** 3 * number ** 2, 4);
  });
});
