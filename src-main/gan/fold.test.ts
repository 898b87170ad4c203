import { conv2d } from '#shared/layers/conv2d';
import type { LayerNode } from '#shared/recipe/recipe';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { foldsUpsampling, upsampledConvolution } from './fold';
import { installGradients } from './gradients';

beforeAll(async () => {
  tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
  await tf.setBackend('cpu');
  installGradients();
});

/** The same, step by step. */
function apart(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const [n = 1, h = 1, w = 1, c = 1] = x.shape;
  const repeated = tf.mul(tf.reshape(x, [n, h, 1, w, 1, c]), tf.ones([1, 1, 2, 1, 2, 1]));
  return tf.conv2d(tf.reshape(repeated, [n, 2 * h, 2 * w, c]) as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same');
}

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number;
}

describe('upsampling and the convolution behind it as one', () => {
  const x = () => tf.randomNormal([2, 3, 5, 4], 0, 1, 'float32', 1);
  const kernel = () => tf.randomNormal([3, 3, 4, 2], 0, 1, 'float32', 2);
  const weights = () => tf.randomNormal([2, 6, 10, 2], 0, 1, 'float32', 3);

  it('gives the same maps', () => {
    expect(largestDifference(upsampledConvolution(tf, x(), kernel()), apart(x(), kernel()))).toBeLessThan(1e-5);
  });

  it('gives the same gradients, of map and kernel', () => {
    const gradients = (f: (x: tf.Tensor, kernel: tf.Tensor) => tf.Tensor) =>
      tf.grads((map: tf.Tensor, own: tf.Tensor) => tf.sum(tf.mul(f(map, own), weights())))([x(), kernel()]);
    const [together, separate] = [gradients((map, own) => upsampledConvolution(tf, map, own)), gradients(apart)];
    together.forEach((gradient, index) => {
      expect(largestDifference(gradient, separate[index] as tf.Tensor)).toBeLessThan(1e-4);
    });
  });
});

describe('which layers are folded', () => {
  const upsample = (settings: LayerNode['settings']) => ({
    node: { id: 'up', kind: 'upsample', settings: {} },
    settings: { factor: 2, method: 'nearest', ...settings },
  });
  const conv = (settings: LayerNode['settings']) => ({
    node: { id: 'conv', kind: 'conv2d', settings: {} },
    settings: conv2d.settings.parse({ kernel: 3, stride: 1, ...settings }),
  });

  it('is a 3×3 convolution behind nearest-neighbour upsampling ×2', () => {
    expect(foldsUpsampling(upsample({}), conv({ useBias: false, initializer: 'he' }))).toBe(true);
  });

  it.each([
    [{ factor: 4 }, {}],
    [{ method: 'bilinear' }, {}],
    [{}, { kernel: 5 }],
    [{}, { kernelWidth: 5 }],
    [{}, { stride: 2 }],
    [{}, { strideWidth: 2 }],
    [{}, { padding: 'valid' }],
    [{}, { outside: 'reflect' }],
    [{}, { groups: 2 }],
    [{}, { spectralNorm: true }],
  ])('is nothing else: %o, %o', (up, own) => {
    expect(foldsUpsampling(upsample(up), conv(own))).toBe(false);
  });

  it('is no convolution behind another layer', () => {
    expect(foldsUpsampling(conv({}), conv({}))).toBe(false);
    expect(foldsUpsampling(undefined, conv({}))).toBe(false);
  });
});
