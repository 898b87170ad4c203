import { consistencyChoices, ConsistencySettings } from '#shared/recipe/consistency';
import { RegularizerSettings, regularizerChoices } from '#shared/recipe/regularizer';
import { parseRecipe, type Recipe } from '#shared/recipe/recipe';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { trialRecipe } from '../../src-main/engine/trial';
import { inconsistency } from '../../src-main/gan/consistency';
import { installGradients } from '../../src-main/gan/gradients';
import { buildGan, forward, pack, unpack } from '../../src-main/gan/network';
import { regularizerOf } from '../../src-main/gan/regularizer';

interface Expected {
  readonly value: number;
  readonly gradient: readonly number[];
}

const fixture = JSON.parse(readFileSync(new URL('./fixtures/penalties.json', import.meta.url), 'utf8')) as {
  readonly torch: string;
  readonly side: number;
  readonly layers: readonly unknown[];
  readonly weights: number[];
  readonly real: number[];
  readonly fake: number[];
  readonly mix: number[];
  readonly cases: Readonly<Record<string, Expected>>;
  readonly shifts: number[][];
  readonly consistency: Readonly<Record<string, Expected>>;
};

const TOLERANCE = 1e-5;

beforeAll(async () => {
  tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
  await tf.setBackend('cpu');
  installGradients();
});

/** D of the fixture; a generator has to be there, and is not used. */
function discriminator() {
  const trial = trialRecipe(2);
  const size = fixture.side;
  const generator = [
    { id: 'g1', kind: 'dense', settings: { units: size * size * 3 } },
    { id: 'g2', kind: 'reshape', settings: { height: size, width: size, channels: 3 } },
  ];
  const { discriminator: d } = buildGan({
    ...parseRecipe({ ...trial, discriminator: fixture.layers }),
    image: { size, channels: 3 },
    generator,
  });
  return d;
}

const picture = (numbers: number[]) => tf.tensor(numbers, [fixture.mix.length, fixture.side, fixture.side, 3]);

/** Compares a penalty, and its gradient by D's weights. */
function expectPenalty(
  { value: expectedValue, gradient: expectedGradient }: Expected,
  penalty: (critic: (pictures: tf.Tensor) => tf.Tensor, real: tf.Tensor, fake: tf.Tensor) => tf.Scalar,
): void {
  const d = discriminator();
  const [real, fake] = [picture(fixture.real), picture(fixture.fake)];
  const { value, grads } = tf.valueAndGrads((...weights: tf.Tensor[]) => {
    const critic = (x: tf.Tensor) => forward(tf, d, weights, [], x, 'train', undefined).output;
    // As in a step, where the loss is added: the last bias has no part in the penalty, and TensorFlow.js asks that each weight has one in the whole.
    const nothing = tf.mul(tf.sum(critic(real)), 0);
    return tf.add<tf.Scalar>(penalty(critic, real, fake), nothing);
  })(unpack(tf, d.trained, tf.tensor1d(fixture.weights)));
  expect(Math.abs((value.dataSync()[0] as number) - expectedValue)).toBeLessThan(TOLERANCE * expectedValue);
  const gradient = pack(tf, grads).dataSync<'float32'>();
  expect(gradient.length).toBe(expectedGradient.length);
  const scale = expectedGradient.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
  expectedGradient.forEach((number, index) => {
    expect(Math.abs((gradient[index] as number) - number), `weight ${index}`).toBeLessThan(TOLERANCE * scale);
  });
}

describe(`penalties against PyTorch ${fixture.torch}`, () => {
  it('are all in the fixture', () => {
    expect(['none', ...Object.keys(fixture.cases)].sort()).toEqual(Object.keys(regularizerChoices).sort());
    expect(['none', ...Object.keys(fixture.consistency)].sort()).toEqual(Object.keys(consistencyChoices).sort());
  });

  it.each(Object.entries(fixture.cases))('%s, and its gradient by D’s weights', (kind, expected) => {
    const settings = RegularizerSettings.parse({ kind });
    if (settings.kind === 'none') throw new Error('the fixture has penalties only');
    const { penalty } = regularizerOf(settings.kind);
    const mix = tf.tensor1d(fixture.mix);
    const [realLabels, fakeLabels] = [undefined, undefined];
    expectPenalty(expected, (critic, real, fake) =>
      penalty(tf, { real, fake, realLabels, fakeLabels, critic, mix }, settings),
    );
  });

  it.each(Object.entries(fixture.consistency))('consistency, %s, and its gradient by D’s weights', (kind, expected) => {
    const recipe: Recipe = {
      ...trialRecipe(2),
      image: { size: fixture.side, channels: 3 },
      consistency: ConsistencySettings.parse({ kind, translation: 1 / fixture.side }),
    };
    const shift = tf.tensor2d(fixture.shifts);
    expectPenalty(expected, (critic, real, fake) => {
      const [ofReal, ofFake] = [real, fake].map((pictures) => ({
        pictures,
        labels: undefined,
        output: critic(pictures),
        shift,
      }));
      if (!ofReal || !ofFake) throw new Error('there are two');
      return inconsistency(tf, recipe, critic, [ofReal, ofFake]) as tf.Scalar;
    });
  });
});
