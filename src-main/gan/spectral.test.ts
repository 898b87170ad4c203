import type { PassContext } from '#shared/recipe/layerKind';
import { normalisedWeights, spectrallyNormalised, spectralWeightsOf } from '#shared/recipe/spectral';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { installGradients } from './gradients';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

/** What a pass reports as the new direction lands in `moved`. */
function context(mode: PassContext['mode'], moved: Record<string, tf.Tensor> = {}): PassContext {
  return { mode, updateRunning: (name, value) => (moved[name] = value), noise: undefined, labels: undefined };
}

// Stretches 3, 2 and 1, turned by nothing.
const kernel = () => tf.tensor2d([[3, 0, 0], [0, 2, 0], [0, 0, 1], [0, 0, 0]]); // prettier-ignore

describe('spectral normalisation', () => {
  it('finds the largest stretch pass by pass and divides by it', () => {
    let direction: tf.Tensor = tf.tensor1d([0.3, 0.9, -0.5]);
    for (let pass = 0; pass < 40; pass++) {
      const moved: Record<string, tf.Tensor> = {};
      spectrallyNormalised(tf, kernel(), direction, context('train', moved));
      direction = moved['direction'] as tf.Tensor;
    }
    const normalised = spectrallyNormalised(tf, kernel(), direction, context('sample'));
    expect(normalised.dataSync()[0]).toBeCloseTo(1, 5);
    expect(Math.abs(direction.dataSync()[0] as number)).toBeCloseTo(1, 5);
  });

  it('takes one power iteration a training pass, and none in sampling', () => {
    const moved: Record<string, tf.Tensor> = {};
    const direction = tf.tensor1d([1, 1, 0]);
    spectrallyNormalised(tf, kernel(), direction, context('sample', moved));
    expect(moved).toEqual({});
    spectrallyNormalised(tf, kernel(), direction, context('train', moved));
    // Wᵀ·W of (1, 1, 0) is (9, 4, 0).
    const [a, b] = (moved['direction'] as tf.Tensor).dataSync();
    expect(a).toBeCloseTo(9 / Math.hypot(9, 4), 5);
    expect(b).toBeCloseTo(4 / Math.hypot(9, 4), 5);
  });

  it('takes the singular vectors as constants in the gradient', () => {
    const direction = tf.tensor1d([1, 1, 0]);
    const slopes = tf.tensor2d([[1, -2, 0.5], [0, 3, 1], [2, 1, -1], [1, 1, 1]]); // prettier-ignore
    const score = (normalise: (w: tf.Tensor) => tf.Tensor) =>
      tf.grad((w) => tf.sum(tf.mul(normalise(w), slopes)))(kernel());
    const ours = score((w) => spectrallyNormalised(tf, w, direction, context('train')));
    const unit = (x: number, y: number) => [x, y, 0].map((value) => value / Math.hypot(x, y));
    // After the iteration: left ∝ (3, 2, 0, 0), right ∝ (9, 4, 0).
    const left = tf.tensor2d([...unit(3, 2), 0], [4, 1]);
    const right = tf.tensor2d(unit(9, 4), [3, 1]);
    const paper = score((w) => tf.div(w, tf.sum(tf.mul(left, tf.matMul(w as tf.Tensor2D, right)))));
    expect(tf.max(tf.abs(tf.sub(ours, paper))).dataSync()[0]).toBeLessThan(1e-5);
  });

  it('stays finite for a kernel of zeros', () => {
    const zeros = spectrallyNormalised(tf, tf.zeros([3, 2]), tf.tensor1d([1, 0]), context('train'));
    expect([...zeros.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('of several weights divides each by its own stretch, and leaves alone what has no direction', () => {
    expect(spectralWeightsOf(false, { query: 3, gamma: 1 })).toEqual({});
    expect(Object.keys(spectralWeightsOf(true, { query: 3, key: 2 }))).toEqual(['queryDirection', 'keyDirection']);
    const moved: Record<string, tf.Tensor> = {};
    const weights = {
      query: kernel(),
      key: tf.mul(kernel(), 5),
      gamma: tf.tensor1d([7]),
      queryDirection: tf.tensor1d([1, 0, 0]),
      keyDirection: tf.tensor1d([1, 0, 0]),
    };
    const { query, key, gamma } = normalisedWeights(tf, weights, context('train', moved));
    expect([query, key, gamma].map((weight) => weight?.dataSync()[0])).toEqual([
      expect.closeTo(1, 5),
      expect.closeTo(1, 5),
      7,
    ]);
    expect(Object.keys(moved)).toEqual(['queryDirection', 'keyDirection']);
  });
});
