import { expect, it } from 'vitest';
import { loupePlace } from './loupePlace';

const wall = { left: 200, top: 100, right: 1000, bottom: 700 };
const size = { width: 266, height: 290 };

it.each([
  ['in the middle: on the right of the pointer', { x: 500, y: 400 }, { left: 520, top: 255 }],
  ['at the right edge: on the left of it', { x: 990, y: 400 }, { left: 704, top: 255 }],
  ['at the top: below the bar over the wall', { x: 500, y: 110 }, { left: 520, top: 100 }],
  ['at the bottom', { x: 500, y: 690 }, { left: 520, top: 410 }],
])('%s', (_, pointer, place) => {
  expect(loupePlace(pointer, size, wall)).toEqual(place);
});

it('stays inside where neither side has room for it', () => {
  const narrow = { ...wall, right: 600 };
  expect(loupePlace({ x: 400, y: 400 }, size, narrow)).toEqual({ left: 334, top: 255 });
});
