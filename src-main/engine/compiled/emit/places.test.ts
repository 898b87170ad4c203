import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile';
import { difference, type Compute } from '../testing/difference';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

const taken =
  (...places: number[]): Compute =>
  ({ x }) => ({ y: tf.gather(x as tf.Tensor, tf.tensor1d(places, 'int32'), 1) });

describe('Gather by a constant table', () => {
  it.each([
    ['a rearrangement', [3, 0, 2, 1, 3]],
    ['one place throughout', [2, 2, 2]],
    ['a single place', [1]],
  ])('takes %s', async (_name, places) => {
    expect(await difference({ x: [2, 4, 3] }, taken(...places))).toBe(0);
    expect(await difference({ x: [2, 4, 2, 3] }, taken(...places))).toBe(0);
  });

  it('stores equal tables once', () => {
    const graph = compile({ x: [2, 4, 3] }, ({ x }) => ({
      a: tf.gather(x as tf.Tensor, tf.tensor1d([1, 0], 'int32'), 1),
      b: tf.gather(x as tf.Tensor, tf.tensor1d([1, 0], 'int32'), 1),
    }));
    expect(graph.nodes).toHaveLength(1);
  });

  it('refuses another axis by name', () => {
    const rows: Compute = ({ x }) => ({ y: tf.gather(x as tf.Tensor, tf.tensor1d([0], 'int32'), 0) });
    expect(() => compile({ x: [2, 4] }, rows)).toThrow(expect.objectContaining({ code: 'engine.unsupported' }));
  });
});

describe('padding', () => {
  it.each([0, -1.5])('with %d', async (number) => {
    const compute: Compute = ({ x }) => ({
      y: tf.pad(tf.neg(x as tf.Tensor), [[0, 0], [2, 1], [0, 0], [0, 3]], number), // prettier-ignore
    });
    expect(await difference({ x: [2, 3, 4, 2] }, compute)).toBe(0);
  });
});

describe('stacks of matrices', () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('are multiplied, transposed %s %s', async (transposeA, transposeB) => {
    const shapes = { a: transposeA ? [3, 7, 4] : [3, 4, 7], b: transposeB ? [3, 5, 7] : [3, 7, 5] };
    const product = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, transposeA, transposeB);
    const compute: Compute = ({ a, b }) => {
      const [da, db] = tf.grads((p: tf.Tensor, q: tf.Tensor) => tf.sum(tf.square(product(p, q))))([
        a as tf.Tensor,
        b as tf.Tensor,
      ]) as [tf.Tensor, tf.Tensor];
      return { c: product(a as tf.Tensor, b as tf.Tensor), da, db };
    };
    expect(await difference(shapes, compute)).toBeLessThan(2e-6);
  });

  it('may share one matrix', async () => {
    const compute: Compute = ({ a, b }) => ({ c: tf.matMul(a as tf.Tensor3D, b as tf.Tensor3D) });
    expect(await difference({ a: [1, 4, 7], b: [3, 7, 5] }, compute)).toBeLessThan(2e-6);
    expect(await difference({ a: [3, 4, 7], b: [1, 7, 5] }, compute)).toBeLessThan(2e-6);
  });
});

describe('equal parts', () => {
  it('may be a single one', async () => {
    const compute: Compute = ({ x }) => ({ y: tf.neg(tf.split(x as tf.Tensor, 1, 1)[0] as tf.Tensor) });
    expect(await difference({ x: [2, 4] }, compute)).toBe(0);
  });

  it.each([1, 3])('of axis %i', async (axis) => {
    const compute: Compute = ({ x }) => {
      const [a, b] = tf.split(x as tf.Tensor, 2, axis) as [tf.Tensor, tf.Tensor];
      return { a, b: tf.neg(b) };
    };
    expect(await difference({ x: [2, 4, 3, 6] }, compute)).toBe(0);
  });
});
