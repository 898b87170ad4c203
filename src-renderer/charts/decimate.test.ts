import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleIndices } from './decimate';

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('visibleIndices', () => {
  it('keeps every point while there is room', () => {
    expect(visibleIndices(range(10), [range(10)], 100)).toEqual(range(10));
    expect(visibleIndices([], [[]], 100)).toEqual([]);
  });

  it('keeps a one-report spike among 100 000 reports', () => {
    const values = range(100_000).map(() => 0.5);
    values[54_321] = 9;
    values[54_322] = -9;
    const kept = visibleIndices(range(100_000), [values], 300);
    expect(kept).toContain(54_321);
    expect(kept).toContain(54_322);
  });

  it('draws all points when no width is known yet', () => {
    expect(visibleIndices(range(50), [range(50)], 0)).toHaveLength(50);
  });

  it('copes with one step for all, which gives the axis no span', () => {
    const kept = visibleIndices(Array(5000).fill(7) as number[], [range(5000)], 10);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(4999);
  });

  it('never picks a value that is not finite as an extreme', () => {
    const values = range(1000).map((index) => (index === 555 ? NaN : index === 556 ? Infinity : 1));
    const kept = visibleIndices(range(1000), [values], 10);
    expect(kept).not.toContain(555);
    expect(kept).not.toContain(556);
  });

  it('is bounded by the width, ordered, and keeps the ends and the extremes of every series', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 3000 });
    fc.assert(
      fc.property(values, values, fc.integer({ min: 1, max: 200 }), (a, b, columns) => {
        const count = Math.min(a.length, b.length);
        const series = [a.slice(0, count), b.slice(0, count)];
        const kept = visibleIndices(range(count), series, columns);
        expect(kept.length).toBeLessThanOrEqual(columns * 6);
        expect(kept).toEqual([...new Set(kept)].sort((p, q) => p - q));
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(count - 1);
        for (const line of series) {
          const drawn = kept.map((index) => line[index] as number);
          expect(Math.max(...drawn)).toBe(Math.max(...line));
          expect(Math.min(...drawn)).toBe(Math.min(...line));
        }
      }),
    );
  });
});
