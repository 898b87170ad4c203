import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { installGradients } from './gradients';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

describe.each([
  { name: 'the larger', f: tf.maximum, first: [0, 20, 0, 40], second: [10, 0, 30, 0] },
  { name: 'the smaller', f: tf.minimum, first: [10, 20, 30, 0], second: [0, 0, 0, 40] },
])('the gradient of $name of two', ({ f, first, second }) => {
  it('goes to the one that was taken, and to the first where both are equal', () => {
    const operands = [tf.tensor1d([1, 2, 5, 7]), tf.tensor1d([3, 2, 6, -7])];
    const gradients = tf.grads((a: tf.Tensor, b: tf.Tensor) => f(a, b))(operands, tf.tensor1d([10, 20, 30, 40]));
    expect(gradients.map((gradient) => [...gradient.dataSync()])).toEqual([first, second]);
  });

  it('is added up for an operand that is repeated', () => {
    const [, dLimit] = tf.grads((p: tf.Tensor, q: tf.Tensor) => f(p, q))([tf.tensor2d([[1, 9], [4, 0]]), tf.scalar(3)]); // prettier-ignore
    expect(dLimit?.shape).toEqual([]);
    expect(dLimit?.dataSync()[0]).toBe(2);
  });
});
