import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { installGradients } from './gradients';
import { translate } from './translate';

beforeAll(async () => {
  tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
  await tf.setBackend('cpu');
  installGradients();
});

/** Two pictures 3×3 with one channel: 1 … 9 and 11 … 19. */
const pictures = () => tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19], [2, 3, 3, 1]);

describe('translation', () => {
  it('moves each picture by its own shift and fills with zeros', () => {
    const shifts = tf.tensor2d([1, 0, -1, 2], [2, 2]);
    expect([...translate(tf, pictures(), shifts, 2).dataSync()]).toEqual([
      ...[4, 5, 6, 7, 8, 9, 0, 0, 0],
      ...[0, 0, 0, 13, 0, 0, 16, 0, 0],
    ]);
  });

  it('moves gradients back to where they came from', () => {
    const shifts = tf.tensor2d([1, 0, -1, 2], [2, 2]);
    const weights = tf.randomNormal([2, 3, 3, 1], 0, 1, 'float32', 4);
    const loss = (x: tf.Tensor) => tf.sum(tf.mul(translate(tf, x, shifts, 2), weights));
    // The map is linear: its gradient times a picture is its value.
    const product = tf.sum(tf.mul(tf.grad(loss)(pictures()), pictures()));
    expect(product.dataSync()[0]).toBeCloseTo(loss(pictures()).dataSync()[0] as number, 4);
  });
});
