import { describe, expect, it } from 'vitest';
import { indexAt, planWall, visibleRange } from './wall';

// 64-pixel thumbnails on an ordinary screen: scale 2 (128) is farther from the aim of 96 than scale 1.5 would be, and 1.5 is not whole.
const plan = planWall({ count: 1000, side: 64, width: 1000, density: 1 });

describe('the wall of thumbnails', () => {
  it('shows pictures at a whole scale, as many across as fit', () => {
    expect(plan).toMatchObject({ scale: 2, tile: 128, pitch: 134, columns: 7 });
    expect(plan.height).toBe(Math.ceil(1000 / 7) * 134 - 6);
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
