import { ClippingSettings, optimizerChoices, OptimizerSettings } from '#shared/recipe/optimizer';
import { learningRateFactor, TrainingSettings } from '#shared/recipe/training';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { clipped } from '../../src-main/gan/clipping';
import { follow, optimizerOf, type OptimizerState } from '../../src-main/gan/optimizer';

interface Trained {
  readonly settings: object;
  /** After each step. */
  readonly weights: readonly (readonly number[])[];
  readonly firstMoment: readonly number[];
  readonly secondMoment: readonly number[];
}

const fixture = JSON.parse(readFileSync(new URL('./fixtures/optimizers.json', import.meta.url), 'utf8')) as {
  readonly torch: string;
  readonly rate: number;
  readonly start: number[];
  readonly gradients: number[][];
  readonly optimizers: readonly Trained[];
  readonly clipping: readonly { readonly settings: object; readonly gradient: readonly number[] }[];
  readonly schedules: readonly { readonly settings: object; readonly factors: readonly number[] }[];
};

beforeAll(async () => {
  tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
  await tf.setBackend('cpu');
});

function expectClose(actual: tf.Tensor, expected: readonly number[], what: string): void {
  const numbers = actual.dataSync<'float32'>();
  expect(numbers.length, what).toBe(expected.length);
  expected.forEach((value, index) => {
    const apart = Math.abs(value - (numbers[index] ?? NaN)) / Math.max(1, Math.abs(value));
    expect(apart, `${what}, ${index}`).toBeLessThan(1e-6);
  });
}

const named = <Case extends { readonly settings: object }>(cases: readonly Case[]) =>
  cases.map((one) => [JSON.stringify(one.settings), one] as const);

/** The values that the fixture's cases have of a setting. */
const triedOf = (cases: readonly { readonly settings: object }[], setting: string) =>
  new Set(cases.map(({ settings }) => (settings as Readonly<Record<string, unknown>>)[setting]));

describe(`optimisers against PyTorch ${fixture.torch}`, () => {
  const kindOf = ({ settings }: Trained) => OptimizerSettings.parse(settings).kind;

  it('are all in the fixture', () => {
    expect([...new Set(fixture.optimizers.map(kindOf))].sort()).toEqual(Object.keys(optimizerChoices).sort());
  });

  it.each(Object.entries(optimizerChoices))('%s is there with two values of every setting', (id, { settings }) => {
    const cases = fixture.optimizers.filter((one) => kindOf(one) === id);
    const names = Object.keys(settings.shape).filter((name) => name !== 'kind' && name !== 'learningRate');
    for (const name of names) expect(triedOf(cases, name).size, name).toBeGreaterThan(1);
  });

  it.each(named(fixture.optimizers))('%s', (_name, expected) => {
    const settings = OptimizerSettings.parse(expected.settings);
    const optimizer = optimizerOf(settings);
    let state: OptimizerState = {
      weights: tf.tensor1d(fixture.start),
      firstMoment: tf.zerosLike(tf.tensor1d(fixture.start)),
      secondMoment: tf.zerosLike(tf.tensor1d(fixture.start)),
    };
    for (const [step, gradient] of fixture.gradients.entries()) {
      const { rate, epsilon, shrink } = optimizer.schedule(settings, fixture.rate, step + 1);
      const schedule = { rate: tf.scalar(rate), epsilon: tf.scalar(epsilon), shrink: tf.scalar(shrink) };
      state = follow(tf, state, tf.tensor1d(gradient), schedule, settings);
      expectClose(state.weights, expected.weights[step] ?? [], `weights of step ${step}`);
    }
    expectClose(state.firstMoment, expected.firstMoment, 'first moment');
    expectClose(state.secondMoment, expected.secondMoment, 'second moment');
  });
});

describe(`clipping against PyTorch ${fixture.torch}`, () => {
  it('is there off and on, by value and by length', () => {
    for (const name of Object.keys(ClippingSettings.shape)) {
      expect(triedOf(fixture.clipping, name).size, name).toBeGreaterThan(1);
    }
  });

  it.each(named(fixture.clipping))('%s', (_name, { settings, gradient }) => {
    const whole = tf.tensor1d(fixture.gradients[0] ?? []);
    expectClose(clipped(tf, whole, ClippingSettings.parse(settings)), gradient, 'gradient');
  });
});

describe(`schedules of the learning rate against PyTorch ${fixture.torch}`, () => {
  it('are there in every shape', () => {
    const shapes = TrainingSettings.shape.rateShape.unwrap().options;
    expect([...triedOf(fixture.schedules, 'rateShape')].sort()).toEqual([...shapes].sort());
  });

  it.each(named(fixture.schedules))('%s', (_name, { settings, factors }) => {
    const training = TrainingSettings.parse({ batchSize: 2, ...settings });
    factors.forEach((factor, step) =>
      expect(learningRateFactor(training, step), `step ${step}`).toBeCloseTo(factor, 10),
    );
  });
});
