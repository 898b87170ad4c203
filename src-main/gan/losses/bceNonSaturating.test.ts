import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { installGradients } from '../gradients';
import { bceNonSaturating as loss } from './bceNonSaturating';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
installGradients();

const settings = { kind: 'bceNonSaturating', labelSmoothing: 0 } as const;
const logits = (...numbers: number[]) => tf.tensor2d(numbers, [numbers.length, 1]);
const number = (scalar: tf.Tensor) => scalar.dataSync()[0] as number;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('binary cross-entropy with the non-saturating generator', () => {
  it('is 2·log 2 for D and log 2 for G where D knows nothing', () => {
    expect(number(loss.discriminator(tf, logits(0, 0), logits(0), settings))).toBeCloseTo(2 * Math.LN2, 6);
    expect(number(loss.generator(tf, logits(0), logits(0), settings))).toBeCloseTo(Math.LN2, 6);
  });

  it('is the mean of the logarithms of the paper', () => {
    const [real, fake] = [
      [0.3, -1.2, 2],
      [-0.7, 0.4, 1.5],
    ] as const;
    const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const expected = -mean(real.map((l) => Math.log(sigmoid(l)))) - mean(fake.map((l) => Math.log(1 - sigmoid(l))));
    expect(number(loss.discriminator(tf, logits(...real), logits(...fake), settings))).toBeCloseTo(expected, 5);
    expect(number(loss.generator(tf, logits(...fake), logits(...real), settings))).toBeCloseTo(
      -mean(fake.map((l) => Math.log(sigmoid(l)))),
      5,
    );
  });

  it('stays finite where a sigmoid rounds to 0 or 1, and G still learns', () => {
    expect(number(loss.discriminator(tf, logits(-200), logits(200), settings))).toBeCloseTo(400, 3);
    const slope = tf.grad((l) => loss.generator(tf, l, l, settings))(logits(-200));
    expect(number(slope)).toBeCloseTo(-1, 6);
  });
});
