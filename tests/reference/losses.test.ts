import { lossChoices, LossSettings } from '#shared/recipe/loss';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../src-main/gan/exchange';
import { installGradients } from '../../src-main/gan/gradients';
import { lossOf } from '../../src-main/gan/loss';

interface OfDiscriminator {
  readonly value: number;
  readonly byReal: readonly number[];
  readonly byFake: readonly number[];
}

interface Case {
  readonly settings: unknown;
  readonly discriminator: OfDiscriminator;
  /** With the labels of some pairs exchanged. */
  readonly noisy: OfDiscriminator;
  readonly generator: { readonly value: number; readonly byFake: readonly number[] };
}

const fixture = JSON.parse(readFileSync(new URL('./fixtures/losses.json', import.meta.url), 'utf8')) as {
  readonly torch: string;
  readonly real: number[];
  readonly fake: number[];
  readonly exchanged: number[];
  readonly cases: readonly Case[];
};

beforeAll(async () => {
  tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
  await tf.setBackend('cpu');
  installGradients();
});

const column = (numbers: readonly number[]) => tf.tensor2d([...numbers], [numbers.length, 1]);

function expectClose(actual: tf.Tensor, expected: readonly number[], what: string): void {
  const numbers = actual.dataSync<'float32'>();
  expect(numbers.length, what).toBe(expected.length);
  expected.forEach((value, index) => expect(numbers[index], `${what}, ${index}`).toBeCloseTo(value, 5));
}

describe(`losses against PyTorch ${fixture.torch}`, () => {
  it('are all in the fixture', () => {
    const kinds = new Set(fixture.cases.map(({ settings }) => LossSettings.parse(settings).kind));
    expect([...kinds].sort()).toEqual(Object.keys(lossChoices).sort());
  });

  it.each(fixture.cases.map((one) => [JSON.stringify(one.settings), one] as const))('%s', (_name, one) => {
    const settings = LossSettings.parse(one.settings);
    const loss = lossOf(settings);
    const [real, fake] = [column(fixture.real), column(fixture.fake)];
    for (const [expected, exchanged] of [
      [one.discriminator, undefined],
      [one.noisy, tf.tensor1d(fixture.exchanged)],
    ] as const) {
      const d = tf.valueAndGrads((r: tf.Tensor, f: tf.Tensor) =>
        loss.discriminator(tf, ...exchange(tf, r, f, exchanged), settings),
      )([real, fake]);
      const noisy = exchanged ? ', with label noise' : '';
      expectClose(d.value, [expected.value], `D’s loss${noisy}`);
      expectClose(d.grads[0] as tf.Tensor, expected.byReal, `D’s loss by its outputs on reals${noisy}`);
      expectClose(d.grads[1] as tf.Tensor, expected.byFake, `D’s loss by its outputs on fakes${noisy}`);
    }
    const g = tf.valueAndGrad((f: tf.Tensor) => loss.generator(tf, f, real, settings))(fake);
    expectClose(g.value, [one.generator.value], 'G’s loss');
    expectClose(g.grad, one.generator.byFake, 'G’s loss by D’s outputs');
  });

  it.each(Object.keys(lossChoices))(
    '%s has verdicts between 0 and 1, that tell a leading D from an undecided one',
    (kind) => {
      const loss = lossOf(LossSettings.parse({ kind }));
      const means = (real: number[], fake: number[]) => {
        const verdicts = loss.verdicts(tf, column(real), column(fake));
        return [verdicts.real, verdicts.fake].map((tensor) => tf.mean(tensor).dataSync()[0] as number);
      };
      const [leadReal = NaN, leadFake = NaN] = means([3, 2.5], [-3, -2.5]);
      expect(leadReal).toBeGreaterThan(0.9);
      expect(leadFake).toBeLessThan(0.1);
      const even = kind === 'lsgan' ? 0.5 : 0;
      for (const verdict of means([even, even], [even, even])) expect(verdict).toBeCloseTo(0.5, 6);
    },
  );
});
