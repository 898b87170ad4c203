import { describe, expect, it } from 'vitest';
import { keepInSight, nothingSelected, pick, pickAll, pickingOf, pickPlaces } from './selection';

/** Places of a wall that shows every other picture, backwards. */
const shown = [18, 16, 14, 12, 10, 8, 6, 4, 2, 0];
const pictures = ({ pictures: set }: { readonly pictures: ReadonlySet<number> }) => [...set];

describe('choosing pictures', () => {
  it('takes one alone, adds and takes away with Ctrl, and a range with Shift from where the last began', () => {
    const one = pick(nothingSelected, shown, 2, 'one');
    expect(pictures(one)).toEqual([14]);
    const two = pick(one, shown, 5, 'toggle');
    expect(pictures(two)).toEqual([14, 8]);
    expect(pictures(pick(two, shown, 2, 'toggle'))).toEqual([8]);
    const range = pick(two, shown, 3, 'range');
    expect(pictures(range)).toEqual([12, 10, 8]);
    expect(pictures(pick(range, shown, 6, 'range'))).toEqual([8, 6]);
    expect(pick(range, shown, 99, 'one').pictures).toBe(range.pictures);
  });

  it('takes all of the wall, and what a box touches, alone or beside what is chosen', () => {
    expect(pictures(pickAll(nothingSelected, shown))).toEqual(shown);
    const one = pick(nothingSelected, shown, 0, 'one');
    expect(pictures(pickPlaces(one, shown, [1, 2, 99], false))).toEqual([16, 14]);
    expect(pictures(pickPlaces(one, shown, [1, 2], true))).toEqual([18, 16, 14]);
  });

  it('stays with the picture on another wall, not with the place', () => {
    const one = pick(nothingSelected, shown, 2, 'one');
    expect(keepInSight(one, shown, [0, 2, 14, 16, 18, 20])).toMatchObject({ focus: 2, anchor: 2 });
    expect(keepInSight(one, shown, [14, 0])).toEqual({ pictures: new Set([14]), focus: 0, anchor: 0 });
    // Gone itself: another that is chosen, or else the next of the wall before, or the last before it.
    const two = pick(one, shown, 5, 'toggle');
    expect(keepInSight(two, shown, [18, 14, 2])).toMatchObject({ pictures: new Set([14]), focus: 1 });
    expect(keepInSight(one, shown, [18, 16, 10, 8])).toMatchObject({ pictures: new Set(), focus: 2 });
    expect(keepInSight(one, shown, [16, 18])).toMatchObject({ focus: 0 });
    expect(keepInSight(one, shown, [])).toMatchObject({ focus: 0, anchor: 0 });
    // Nothing was picked yet: a wall begins at its first.
    expect(keepInSight(nothingSelected, shown, [0, 18])).toBe(nothingSelected);
  });

  it('reads the modifiers of a click', () => {
    const keys = { shiftKey: false, ctrlKey: false, metaKey: false };
    expect(pickingOf(keys)).toBe('one');
    expect(pickingOf({ ...keys, metaKey: true })).toBe('toggle');
    expect(pickingOf({ ...keys, shiftKey: true, ctrlKey: true })).toBe('range');
  });
});
