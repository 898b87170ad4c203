import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile';
import { difference, type Compute } from '../testing/difference';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

describe('softmax', () => {
  it.each([[[4, 7]], [[2, 3, 5]], [[2, 3, 1]]])('of the last axis of [%s], and its gradients', async (shape) => {
    const compute: Compute = ({ x }) => {
      const score = (t: tf.Tensor) => tf.sum(tf.square(tf.softmax(tf.mul(t, 3))));
      const penalty = (t: tf.Tensor) => tf.sum(tf.square(tf.grad(score)(t)));
      return {
        y: tf.softmax(x as tf.Tensor),
        dx: tf.grad(score)(x as tf.Tensor),
        ddx: tf.grad(penalty)(x as tf.Tensor),
      };
    };
    expect(await difference({ x: shape }, compute)).toBeLessThan(5e-6);
  });

  it('stays finite for large numbers', async () => {
    const compute: Compute = ({ x }) => ({ y: tf.softmax(tf.mul(x as tf.Tensor, 1e4)) });
    expect(await difference({ x: [3, 5] }, compute)).toBeLessThan(2e-6);
  });

  it('of an inner axis is refused by name', () => {
    const inner: Compute = ({ x }) => ({ y: tf.engine().runKernel('Softmax', { logits: x as tf.Tensor }, { dim: 0 }) });
    expect(() => compile({ x: [2, 3] }, inner)).toThrow(expect.objectContaining({ code: 'engine.unsupported' }));
  });
});
