import { describe, expect, it } from 'vitest';
import { walkPlace } from './walk';

describe('walkPlace', () => {
  it('goes to the end and back, for ever', () => {
    expect(walkPlace(0, 0)).toBe(0);
    expect(walkPlace(0, 2)).toBeCloseTo(0.5);
    expect(walkPlace(0, 4)).toBeCloseTo(1);
    expect(walkPlace(0, 6)).toBeCloseTo(0.5);
    expect(walkPlace(0, 8)).toBeCloseTo(0);
    expect(walkPlace(0.5, 802)).toBeCloseTo(1);
  });
});
