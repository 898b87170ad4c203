import { describe, expect, it } from 'vitest';
import { bitsOf, pictureFlagNames } from '../contract/pictureFlags';
import { regionOf, squareOf } from './fit';
import { matchesGlob } from './glob';
import { countViews, inView, markBit, marksOf, viewIds } from './marks';

describe('patterns of names', () => {
  it.each([
    ['*.png', 'faces/a.png', true],
    ['*.png', 'faces/a.jpg', false],
    ['a?.png', 'faces/ab.png', true],
    ['faces/*', 'faces/deep/a.png', true],
    ['faces/*', 'other/faces/a.png', false],
    ['*/a.png', 'faces/deep/a.png', true],
    ['a*b*c', 'xx/aXbYbZc', true],
    ['a*b*c', 'xx/aXbYbZ', false],
    ['', 'a', false],
    ['*', '', true],
    ['[ab].png', 'a.png', false],
    ['[ab].png', '[ab].png', true],
  ])('%s against %s', (glob, name, matches) => {
    expect(matchesGlob(glob, name)).toBe(matches);
  });

  it('end soon, however they are meant', () => {
    expect(matchesGlob('*a'.repeat(200) + 'b', 'a'.repeat(1000))).toBe(false);
  });
});

describe('marks', () => {
  it('are named by their bits, and no two share one', () => {
    const all = [0, 1, 2, 3].flatMap((byte) => marksOf((0xff << (byte * 8)) >>> 0));
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(expect.arrayContaining([...pictureFlagNames, 'excluded', 'held-out', 'outlier']));
  });

  it('put a picture into its views', () => {
    const of = (bits: number) => viewIds.filter((view) => inView(view, bits));
    expect(of(0)).toEqual(['all', 'included']);
    expect(of(markBit('excluded') | markBit('held-out'))).toEqual(['all', 'excluded']);
    expect(of(markBit('held-out'))).toEqual(['all', 'held-out']);
    expect(of(markBit('outlier') | 1)).toEqual(['all', 'included', 'mended', 'outliers']);
  });
});

describe('a square by hand', () => {
  it('comes back from its region, and stays inside the picture', () => {
    const region = regionOf({ left: 30, top: 10, side: 50 }, 100, 60);
    expect(squareOf({ crop: 'centre', background: '#ffffff', region }, 100, 60)).toEqual({
      left: 30,
      top: 10,
      side: 50,
    });
    const held = regionOf({ left: 80, top: -5, side: 90 }, 100, 60);
    expect(held).toEqual({ left: 0.4, top: 0, width: 0.6, height: 1 });
  });
});

it('each view counts the pictures that belong to it, of those that are meant', () => {
  const small = bitsOf(['too-small']);
  const marks = Uint32Array.of(0, small, small | markBit('excluded'), small, markBit('held-out'));
  expect(countViews(marks, (picture) => picture !== 3)).toMatchObject({
    all: 4,
    included: 2,
    excluded: 1,
    'held-out': 1,
    small: 2,
    outliers: 0,
  });
});
