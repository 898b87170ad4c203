import { describe, expect, it } from 'vitest';
import { drawLabels } from './labelDraws';

const numbersOf = (rows: Float32Array, classes: number) =>
  Array.from({ length: rows.length / classes }, (_, row) =>
    rows.subarray(row * classes, (row + 1) * classes).indexOf(1),
  );

describe('drawLabels', () => {
  it('draws classes as often as the pictures have them, and never one without pictures', () => {
    const numbers = numbersOf(drawLabels([30, 0, 10], 4000, 7, 0), 3);
    const share = (wanted: number) => numbers.filter((number) => number === wanted).length / numbers.length;
    expect(share(0)).toBeCloseTo(0.75, 1);
    expect(share(1)).toBe(0);
    expect(share(2)).toBeCloseTo(0.25, 1);
  });

  it('counts from the seed and the pictures seen: what comes later does not depend on how it was reached', () => {
    const whole = drawLabels([1, 1, 1], 12, 3, 0);
    expect(drawLabels([1, 1, 1], 4, 3, 8)).toEqual(whole.slice(8 * 3));
    expect(drawLabels([1, 1, 1], 12, 4, 0)).not.toEqual(whole);
  });
});
