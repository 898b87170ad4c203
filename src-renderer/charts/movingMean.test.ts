import { describe, expect, it } from 'vitest';
import { movingMean } from './movingMean';

describe('movingMean', () => {
  it('looks back, not ahead', () => {
    expect(movingMean([3, 5, 7, 9], 2)).toEqual([3, 4, 6, 8]);
    expect(movingMean([3, 5, 7, 9], 1)).toEqual([3, 5, 7, 9]);
  });

  it('leaves out what is no number', () => {
    expect(movingMean([1, NaN, 3], 2)).toEqual([1, 1, 3]);
    expect(movingMean([NaN, 1], 1)).toEqual([NaN, 1]);
  });
});
