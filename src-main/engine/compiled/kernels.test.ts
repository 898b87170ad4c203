import type { Shape } from '#shared/recipe/layerKind';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compile } from './compile';
import type { FormChoice } from './forms';
import type { Graph } from './graph';
import { difference, type Compute } from './testing/difference';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

const map = [3, 4, 6, 5];

describe('elementwise kernels', () => {
  const unary: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    neg: tf.neg,
    abs: tf.abs,
    exp: tf.exp,
    log: (x) => tf.log(tf.add(tf.abs(x), 1)),
    sqrt: (x) => tf.sqrt(tf.abs(x)),
    rsqrt: (x) => tf.rsqrt(tf.add(tf.square(x), 1)),
    sigmoid: tf.sigmoid,
    tanh: tf.tanh,
    relu: tf.relu,
    'leaky relu': (x) => tf.leakyRelu(x, 0.3),
    softplus: (x) => tf.softplus(tf.mul(x, 20)),
    step: (x) => tf.step(x),
    clip: (x) => tf.clipByValue(x, -0.5, 0.25),
    pow: (x) => tf.pow(tf.abs(x), 1.5),
  };
  it.each(Object.entries(unary))('%s', async (_name, f) => {
    expect(await difference({ x: map }, ({ x }) => ({ y: f(x as tf.Tensor) }))).toBeLessThan(2e-6);
  });

  const shapes: readonly (readonly [Shape, Shape])[] = [
    [map, map],
    [map, [5]],
    [map, [1, 1, 1, 5]],
    [map, []],
    [map, [1]],
    [[5], map],
    [map, [3, 1, 1, 1]],
    [map, [4, 1, 5]],
    [
      [7, 1],
      [1, 5],
    ],
    [[7, 5], [5]],
    [
      [1, 1],
      [1, 1],
    ],
    [[], [3]],
  ];
  it.each(shapes)('of operands that broadcast: [%s] and [%s]', async (a, b) => {
    const compute: Compute = ({ x, y }) => {
      const [p, q] = [x as tf.Tensor, y as tf.Tensor];
      return {
        sum: tf.add(p, q),
        difference: tf.sub(p, q),
        product: tf.mul(p, q),
        quotient: tf.div(p, tf.add(tf.abs(q), 1)),
        larger: tf.maximum(p, q),
        smaller: tf.minimum(p, q),
        distance: tf.squaredDifference(p, q),
        chain: tf.mul(tf.add(tf.mul(p, 3), q), tf.mul(q, 2)),
      };
    };
    expect(await difference({ x: a, y: b }, compute)).toBeLessThan(2e-6);
  });
});

describe('reductions', () => {
  const cases: readonly (readonly [Shape, number[] | undefined, boolean])[] = [
    [map, [0, 1, 2], false],
    [map, [0, 1, 2], true],
    [map, undefined, false],
    [map, [1, 2, 3], false],
    [map, [3], true],
    [map, [-2], false],
    [[16, 16, 16, 4], [0, 1, 2], true],
    [[600, 16], [0], false],
    [[7, 1], undefined, false],
    [[9], undefined, false],
    [[], undefined, false],
  ];
  it.each(cases)('[%s] over %s, keepDims %s', async (shape, axes, keepDims) => {
    const compute: Compute = ({ x }) => ({
      sum: tf.sum(x as tf.Tensor, axes, keepDims),
      mean: tf.mean(x as tf.Tensor, axes, keepDims),
    });
    expect(await difference({ x: shape }, compute)).toBeLessThan(1e-5);
  });
});

describe('matrices and vectors', () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('products, transposed %s %s', async (transposeA, transposeB) => {
    const shapes = { a: transposeA ? [7, 4] : [4, 7], b: transposeB ? [5, 7] : [7, 5] };
    const compute: Compute = ({ a, b }) => ({
      c: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, transposeA, transposeB),
    });
    expect(await difference(shapes, compute)).toBeLessThan(2e-6);
  });

  it('split, concatenation and reshape', async () => {
    const compute: Compute = ({ x }) => {
      const [a, b, c] = tf.split(x as tf.Tensor, [4, 6, 2]) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return { y: tf.concat([tf.reshape(b, [2, 3]), tf.reshape(tf.concat([c, a]), [2, 3])], 1) };
    };
    expect(await difference({ x: [12] }, compute)).toBe(0);
  });

  it('operands that are one number throughout are written in full where a kernel needs it', async () => {
    const compute: Compute = ({ x }) => ({
      y: tf.matMul(x as tf.Tensor2D, tf.fill([4, 3], 0.5)),
      z: tf.concat([x as tf.Tensor, tf.ones([2, 4])]),
      w: tf.ones([3]),
    });
    expect(await difference({ x: [5, 4] }, compute)).toBeLessThan(2e-6);
  });

  it('one value as two outputs, and an input as an output', async () => {
    const compute: Compute = ({ x }) => {
      const y = tf.square(x as tf.Tensor);
      return { a: y, b: tf.square(x as tf.Tensor), c: x as tf.Tensor };
    };
    expect(await difference({ x: [5] }, compute)).toBeLessThan(2e-6);
  });
});

describe('a penalty on D’s gradient, differentiated again', () => {
  const activations: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    relu: tf.relu,
    'leaky relu': (x) => tf.leakyRelu(x, 0.2),
    tanh: tf.tanh,
    sigmoid: tf.sigmoid,
    softplus: tf.softplus,
    'batch norm': (x) => {
      const centred = tf.sub(x, tf.mean(x, [0, 1, 2]));
      return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), [0, 1, 2]), 1e-3)));
    },
  };
  it.each(Object.entries(activations))('through %s', async (_name, activation) => {
    const compute: Compute = ({ x, w }) => {
      const critic = (pictures: tf.Tensor, filter: tf.Tensor) =>
        tf.sum(tf.square(activation(tf.conv2d(pictures as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'))));
      const penalty = (filter: tf.Tensor) =>
        tf.sum(tf.square(tf.grad((pictures) => critic(pictures, filter))(x as tf.Tensor)));
      return { penalty: penalty(w as tf.Tensor), gradient: tf.grad(penalty)(w as tf.Tensor) };
    };
    expect(await difference({ x: [2, 8, 8, 3], w: [4, 4, 3, 5] }, compute)).toBeLessThan(1e-5);
  });
});

/** Every node that has a form in that one. */
const wherever =
  (form: string) =>
  ({ nodes }: Graph): FormChoice =>
    new Map(
      nodes.flatMap((node) => (node.kernel.forms?.(node.attributes).includes(form) ? [[node, form] as const] : [])),
    );

/** Every node in its kernel's form of a number; the last where it has fewer. */
const everywhere =
  (number: number) =>
  ({ nodes }: Graph): FormChoice =>
    new Map(
      nodes.flatMap((node) => {
        const forms = node.kernel.forms?.(node.attributes) ?? [];
        const form = forms[Math.min(number, forms.length - 1)];
        return form === undefined ? [] : [[node, form] as const];
      }),
    );

describe('convolutions, their gradients and their gradients’ gradients', () => {
  const cases: readonly (readonly [kernel: number, stride: number, side: number, pad: 'same' | 'valid'])[] = [
    [3, 1, 8, 'same'],
    [5, 2, 9, 'same'],
    [3, 2, 8, 'same'],
    [4, 2, 8, 'same'],
    [1, 1, 8, 'same'],
    [3, 1, 7, 'valid'],
    [4, 1, 4, 'valid'],
    [5, 2, 11, 'valid'],
    [7, 3, 13, 'same'],
    [4, 2, 32, 'same'],
    [4, 2, 19, 'same'],
    [6, 3, 30, 'same'],
    [2, 2, 16, 'same'],
    [4, 2, 20, 'valid'],
    [2, 3, 9, 'valid'],
    [1, 2, 8, 'same'],
  ];
  const inEveryForm = cases.flatMap((one) => [0, 1, 2].map((form) => [...one, form] as const));
  it.each(inEveryForm)('kernel %i, stride %i, %i pixels, %s, form %i', async (kernel, stride, side, pad, form) => {
    const compute: Compute = ({ x, w }) => {
      const convolved = (input: tf.Tensor, filter: tf.Tensor) =>
        tf.conv2d(input as tf.Tensor4D, filter as tf.Tensor4D, stride, pad);
      const energy = (input: tf.Tensor, filter: tf.Tensor) => tf.sum(tf.square(convolved(input, filter)));
      const [dx, dw] = tf.grads(energy)([x as tf.Tensor, w as tf.Tensor]) as [tf.Tensor, tf.Tensor];
      const penalty = (filter: tf.Tensor) =>
        tf.sum(tf.square(tf.grad((input) => energy(input, filter))(x as tf.Tensor)));
      const curvature = (input: tf.Tensor) =>
        tf.sum(tf.square(tf.grad((filter) => energy(input, filter))(w as tf.Tensor)));
      return {
        y: convolved(x as tf.Tensor, w as tf.Tensor),
        dx,
        dw,
        penalty: tf.grad(penalty)(w as tf.Tensor),
        curvature: tf.grad(curvature)(x as tf.Tensor),
      };
    };
    const shapes = { x: [2, side, side, 3], w: [kernel, kernel, 3, 5] };
    expect(await difference(shapes, compute, {}, everywhere(form))).toBeLessThan(1e-5);
  });

  it.each([
    [4, 2, 5],
    [4, 2, 8],
    [3, 2, 6],
    [5, 1, 4],
    [2, 3, 4],
  ])('transposed: kernel %i, stride %i, %i pixels', async (kernel, stride, side) => {
    const compute: Compute = ({ x, w }) => {
      const up = (input: tf.Tensor, filter: tf.Tensor) =>
        tf.conv2dTranspose(
          input as tf.Tensor4D,
          filter as tf.Tensor4D,
          [2, side * stride, side * stride, 3],
          stride,
          'same',
        );
      const [dx, dw] = tf.grads((input: tf.Tensor, filter: tf.Tensor) => tf.sum(tf.square(up(input, filter))))([
        x as tf.Tensor,
        w as tf.Tensor,
      ]) as [tf.Tensor, tf.Tensor];
      return { y: up(x as tf.Tensor, w as tf.Tensor), dx, dw };
    };
    expect(await difference({ x: [2, side, side, 5], w: [kernel, kernel, 3, 5] }, compute)).toBeLessThan(1e-5);
  });

  it.each([
    [3, 1, 8, 'same'],
    [5, 1, 7, 'valid'],
    [3, 1, 4, 'same'],
    [4, 2, 8, 'same'],
    [4, 2, 20, 'valid'],
    [6, 3, 30, 'same'],
    [2, 2, 16, 'same'],
  ] as const)('in blocks: kernel %i, stride %i, %i pixels, %s', async (kernel, stride, side, pad) => {
    const compute: Compute = ({ x, w }) => {
      const energy = (input: tf.Tensor) =>
        tf.sum(tf.square(tf.conv2d(input as tf.Tensor4D, w as tf.Tensor4D, stride, pad)));
      return { dx: tf.grad(energy)(x as tf.Tensor) };
    };
    const shapes = { x: [2, side, side, 16], w: [kernel, kernel, 16, 32] };
    const forms = ['blocked8', 'blocked16'];
    const written = forms.map((form) => wherever(form)(compile(shapes, compute)).size);
    expect(written).toEqual([1, 1]);
    const inBlocks = await Promise.all(forms.map((form) => difference(shapes, compute, {}, wherever(form))));
    // Which of them this processor's blocks are is not said anywhere; the other computes something else.
    expect(Math.min(...inBlocks)).toBeLessThan(1e-5);
  });

  it.each([
    [4, 2, 8, 'same'],
    [4, 2, 16, 'same'],
    [4, 2, 10, 'valid'],
    [6, 3, 12, 'same'],
    [2, 1, 7, 'valid'],
    [2, 1, 8, 'same'],
    [3, 1, 8, 'same'],
    [3, 1, 4, 'valid'],
    [6, 2, 8, 'same'],
  ] as const)('by Winograd: kernel %i, stride %i, %i pixels, %s', async (kernel, stride, side, pad) => {
    const compute: Compute = ({ x, w }) => {
      const convolved = (input: tf.Tensor, filter: tf.Tensor) =>
        tf.conv2d(input as tf.Tensor4D, filter as tf.Tensor4D, stride, pad);
      const energy = (input: tf.Tensor, filter: tf.Tensor) => tf.sum(tf.square(convolved(input, filter)));
      const [dx, dw] = tf.grads(energy)([x as tf.Tensor, w as tf.Tensor]) as [tf.Tensor, tf.Tensor];
      return { y: convolved(x as tf.Tensor, w as tf.Tensor), dx, dw };
    };
    const shapes = { x: [3, side, side, 16], w: [kernel, kernel, 16, 17] };
    expect(wherever('winograd')(compile(shapes, compute)).size).toBe(3);
    expect(await difference(shapes, compute, {}, wherever('winograd'))).toBeLessThan(1e-5);
  });

  it('are not written in blocks where the widest does not divide the channels', () => {
    const graph = compile({ x: [2, 8, 8, 24], w: [3, 3, 24, 32] }, ({ x, w }) => {
      const energy = (input: tf.Tensor) =>
        tf.sum(tf.square(tf.conv2d(input as tf.Tensor4D, w as tf.Tensor4D, 1, 'same')));
      return { dx: tf.grad(energy)(x as tf.Tensor) };
    });
    expect(wherever('blocked8')(graph).size).toBe(0);
    expect(wherever('cells')(graph).size).toBe(1);
  });
});
