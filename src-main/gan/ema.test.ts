import { expect, it } from 'vitest';
import { Ema } from './ema';

const generator = (weight: number, running: number) => ({
  weights: Float32Array.of(weight, 2 * weight),
  running: Float32Array.of(running),
});

it('moves towards the newest weights and statistics by what is not kept', () => {
  const start = generator(1, 4);
  const ema = new Ema(start);
  ema.follow(generator(3, 0), 0.75);
  const first = ema.read();
  expect(first).toEqual(generator(1.5, 3));
  ema.follow(generator(-1, 8), 0);
  expect(ema.read()).toEqual(generator(-1, 8));
  // Neither what it began with nor what it handed out moves along.
  expect(first).toEqual(generator(1.5, 3));
  expect(start).toEqual(generator(1, 4));
});
