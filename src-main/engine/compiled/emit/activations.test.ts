import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { difference } from '../testing/difference';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

describe.each([
  ['ELU', (x: tf.Tensor) => tf.elu(x)],
  ['SELU', (x: tf.Tensor) => tf.selu(x)],
  ['error function', (x: tf.Tensor) => tf.erf(x)],
] as const)('%s', (_name, f) => {
  it('is the same compiled as eager, of small and large numbers', async () => {
    const compute = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({
      y: f(x as tf.Tensor),
      large: f(tf.mul(x as tf.Tensor, 30)),
    });
    expect(await difference({ x: [3, 4, 6, 5] }, compute)).toBeLessThan(2e-6);
  });

  it.each([-1.5, 0, 0.7])('is folded where it is constant: %d', async (number) => {
    const compute = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({
      y: tf.add(x as tf.Tensor, f(tf.fill([4], number))),
    });
    expect(await difference({ x: [4] }, compute)).toBeLessThan(2e-6);
  });
});
