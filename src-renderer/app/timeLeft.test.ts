import { expect, it } from 'vitest';
import { timeLeft } from './timeLeft';

it('guesses by what was done, once that is enough to go by', () => {
  expect(timeLeft(10, 25, 100)).toBe(30);
  expect(timeLeft(10, 100, 100)).toBe(0);
  expect(timeLeft(10, 104, 100)).toBe(0);
  expect(timeLeft(1, 25, 100)).toBeUndefined();
  expect(timeLeft(10, 1, 100)).toBeUndefined();
  expect(timeLeft(10, 0, 0)).toBeUndefined();
});
