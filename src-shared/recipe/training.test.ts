import { describe, expect, it } from 'vitest';
import { emaKept, learningRateFactor, TrainingSettings } from './training';

const training = (change: Partial<TrainingSettings>) =>
  TrainingSettings.parse({ batchSize: 16, steps: 1000, ...change });

describe('the learning rate', () => {
  it('stays where nothing else is said', () => {
    for (const step of [0, 999, 5000]) expect(learningRateFactor(training({}), step)).toBe(1);
  });

  it.each([
    [0, 1],
    [500, 1],
    [750, 0.55],
    [1000, 0.1],
    [3000, 0.1],
  ])('falls to a tenth over the second half: after %i steps %d', (step, factor) => {
    expect(learningRateFactor(training({ rateDecay: 0.5 }), step)).toBeCloseTo(factor, 12);
  });

  it('may fall from the first step to nothing at the last', () => {
    const whole = training({ rateDecay: 1, rateAtEnd: 0 });
    expect([0, 250, 1000].map((step) => learningRateFactor(whole, step))).toEqual([1, 0.75, 0]);
  });
});

describe('the generator’s average', () => {
  it('keeps nothing where there is none', () => {
    expect(emaKept(training({}), 16, 16)).toBe(0);
  });

  it('halves a step’s share after the half-life, at first sooner', () => {
    const averaged = training({ emaHalfLife: 10_000 });
    expect(emaKept(averaged, 16, 1_000_000) ** (10_000 / 16)).toBeCloseTo(0.5, 10);
    expect(emaKept(averaged, 16, 1980) ** (100 / 16)).toBeCloseTo(0.5, 10);
    expect(emaKept(averaged, 16, 16)).toBeLessThan(0.01);
  });
});
