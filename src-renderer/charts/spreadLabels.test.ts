import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadLabels } from './spreadLabels';

describe('spreadLabels', () => {
  it('leaves labels that have room where they want to be', () => {
    expect(spreadLabels([80, 20], 12, 0, 100)).toEqual([80, 20]);
  });

  it('parts labels at the same place and at the edges', () => {
    expect(spreadLabels([50, 50], 12, 0, 100)).toEqual([50, 62]);
    expect(spreadLabels([100, 100], 12, 0, 100)).toEqual([88, 100]);
    expect(spreadLabels([-5, 0], 12, 0, 100)).toEqual([0, 12]);
  });

  it('keeps order, distance and edges wherever there is room for all', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 250 }), { maxLength: 8 }), (wanted) => {
        const placed = spreadLabels(wanted, 12, 0, 200);
        const sorted = placed.toSorted((a, b) => a - b);
        sorted.forEach((y, index) => {
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(200);
          if (index > 0) expect(y - (sorted[index - 1] as number)).toBeGreaterThanOrEqual(12);
        });
        for (const [a, first] of wanted.entries())
          for (const [b, second] of wanted.entries())
            if (first < second) expect(placed[a]).toBeLessThan(placed[b] as number);
      }),
    );
  });
});
