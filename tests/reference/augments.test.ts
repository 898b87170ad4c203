import { Recipe } from '#shared/recipe/recipe';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { trialRecipe } from '../../src-main/engine/trial';
import { allAugments, augmentsOf } from '../../src-main/gan/augment';
import { installGradients } from '../../src-main/gan/gradients';

const fixture = JSON.parse(readFileSync(new URL('./fixtures/augments.json', import.meta.url), 'utf8')) as {
  readonly torch: string;
  readonly side: number;
  readonly pictures: number[];
  readonly weights: number[];
  readonly settings: object;
  readonly cases: Readonly<
    Record<
      string,
      { readonly numbers: readonly number[][]; readonly changed: number[]; readonly gradient: readonly number[] }
    >
  >;
};

beforeAll(async () => {
  tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
  await tf.setBackend('cpu');
  installGradients();
});

const trial = trialRecipe(2);
const recipe: Recipe = {
  ...trial,
  image: { size: fixture.side, channels: 3 },
  augmentation: Recipe.shape.augmentation.parse(fixture.settings),
};
const batch = (numbers: number[]) => tf.tensor(numbers, [3, fixture.side, fixture.side, 3]);

function expectClose(actual: tf.Tensor, expected: readonly number[]): void {
  const numbers = actual.dataSync<'float32'>();
  expect(numbers.length).toBe(expected.length);
  expected.forEach((value, index) =>
    expect(Math.abs((numbers[index] ?? NaN) - value), `at ${index}`).toBeLessThan(1e-5),
  );
}

describe(`changes of pictures against PyTorch ${fixture.torch}`, () => {
  it('are all in the fixture', () => {
    expect(augmentsOf(recipe)).toEqual(allAugments);
    expect(Object.keys(fixture.cases).sort()).toEqual(allAugments.map(({ id }) => id).sort());
  });

  it.each(allAugments.map((one) => [one.id, one] as const))('%s, and its gradient by the pictures', (id, one) => {
    const expected = fixture.cases[id];
    if (!expected) throw new Error('the fixture has no such change');
    const numbers = tf.tensor2d(expected.numbers as number[][]);
    const change = (pictures: tf.Tensor) => one.apply(tf, pictures, numbers, recipe);
    expectClose(change(batch(fixture.pictures)), expected.changed);
    const loss = (pictures: tf.Tensor) => tf.sum(tf.mul(batch(fixture.weights), tf.square(change(pictures))));
    expectClose(tf.grad(loss)(batch(fixture.pictures)), expected.gradient);
  });

  it.each(allAugments.map((one) => [one.id, one] as const))('%s leaves alone what it is told to', (_id, one) => {
    const numbers = tf.tensor2d(Array.from({ length: 3 }, () => [...one.unchanged]));
    expectClose(one.apply(tf, batch(fixture.pictures), numbers, recipe), fixture.pictures);
  });
});
