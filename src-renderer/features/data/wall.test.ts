import { describe, expect, it } from 'vitest';
import { indexAt, planWall, visibleRange } from './wall';

// 7 columns of 128 pixels leave 36 for the 6 gaps.
const plan = planWall({ count: 1000, side: 64, width: 932, density: 1 });

describe('the wall of thumbnails', () => {
  it('shows pictures at a whole scale, as many across as fit', () => {
    expect(plan).toMatchObject({ scale: 2, tile: 128, pitch: 134, columns: 7 });
    expect(plan.height).toBe(Math.ceil(1000 / 7) * 134 - 6);
  });

  it('widens the gaps by what is left over, within reason', () => {
    expect(planWall({ count: 1000, side: 64, width: 980, density: 1 })).toMatchObject({ columns: 7, pitch: 142 });
    expect(planWall({ count: 1000, side: 256, width: 500, density: 1 })).toMatchObject({ columns: 1, scale: 1 });
  });

  it('draws only what can be seen', () => {
    expect(visibleRange(plan, 0, 600, 1000)).toEqual({ first: 0, end: 35 });
    expect(visibleRange(plan, 1340, 134, 1000)).toEqual({ first: 70, end: 77 });
    expect(visibleRange(plan, plan.height - 100, 600, 1000).end).toBe(1000);
  });

  it('finds the picture under the pointer, and none in a gap or past the end', () => {
    expect(indexAt(plan, 140, 140, 1000)).toBe(8);
    expect(indexAt(plan, 130, 10, 1000)).toBeUndefined();
    expect(indexAt(plan, 10, plan.height - 10, 1000)).toBe(994);
    expect(indexAt(plan, 6 * 134 + 10, plan.height - 10, 1000)).toBeUndefined();
    expect(indexAt(plan, 7 * 134 + 10, 10, 1000)).toBeUndefined();
  });
});
