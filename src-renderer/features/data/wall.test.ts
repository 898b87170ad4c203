import { describe, expect, it } from 'vitest';
import { indexAt, placesIn, planWall, tileAt, visibleRange, wallKey } from './wall';

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

describe('a box on the wall', () => {
  it('touches the tiles it overlaps, whichever way it was drawn', () => {
    expect(placesIn(plan, [0, 0], [10, 10], 1000)).toEqual([0]);
    expect(placesIn(plan, [200, 200], [100, 100], 1000)).toEqual([0, 1, 7, 8]);
    // From a gap to a gap, past the right edge and the end.
    expect(placesIn(plan, [129, 129], [5000, 200], 1000)).toEqual([8, 9, 10, 11, 12, 13]);
    expect(placesIn(plan, [0, plan.height - 10], [5000, plan.height + 99], 1000)).toEqual([
      994, 995, 996, 997, 998, 999,
    ]);
    expect(placesIn(plan, [129, 0], [133, 900], 1000)).toEqual([]);
  });

  it('knows where each tile lies', () => {
    expect(tileAt(plan, 8)).toEqual([134, 134]);
  });
});

describe('keys on the wall', () => {
  const press = (key: string, change = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...change,
  });
  const on = (key: string, at = 8, change = {}) => wallKey(press(key, change), at, 7, 1000, 4);

  it('walk, by screens too, and take what they pass with Shift', () => {
    expect(on('ArrowDown')).toEqual({ kind: 'go', place: 15, range: false });
    expect(on('PageDown', 8, { shiftKey: true })).toEqual({ kind: 'go', place: 36, range: true });
    expect(on('PageDown', 990)).toEqual({ kind: 'go', place: 999, range: false });
    expect(on('End')).toEqual({ kind: 'go', place: 999, range: false });
    expect(wallKey(press('Home'), 0, 7, 0, 4)).toBeUndefined();
  });

  it('choose, exclude and include; other chords are left to the studio', () => {
    expect([' ', 'Escape', 'Delete', 'Insert', 'Enter'].map((key) => on(key)?.kind)).toEqual([
      'toggle',
      'none',
      'exclude',
      'include',
      'open',
    ]);
    expect(on('a', 8, { ctrlKey: true })).toEqual({ kind: 'all' });
    expect(on('z', 8, { ctrlKey: true })).toBeUndefined();
    expect(on('constructor')).toBeUndefined();
  });
});
