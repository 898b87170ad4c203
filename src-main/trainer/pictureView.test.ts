import { describe, expect, it } from 'vitest';
import { viewPictures } from './pictureView';

/** Pictures whose numbers count up, so that every mean is known. */
function countingPack(count: number, size: number, channels: 1 | 3) {
  const bytes = size * size * channels;
  return {
    count,
    size,
    channels,
    readInto: (target: Float32Array, indices: Uint32Array) => {
      indices.forEach((picture, place) => {
        for (let index = 0; index < bytes; index++) target[place * bytes + index] = picture * bytes + index;
      });
    },
  };
}

describe('viewPictures', () => {
  it('is the pack itself where the formats are equal', () => {
    const pack = countingPack(2, 16, 3);
    expect(viewPictures(pack, { size: 16, channels: 3 })).toBe(pack);
  });

  it('makes each pixel the mean of its square, channel by channel', () => {
    const pack = countingPack(3, 4, 3);
    const target = new Float32Array(2 * 2 * 2 * 3);
    viewPictures(pack, { size: 2, channels: 3 }).readInto(target, Uint32Array.of(2, 0));
    // Pixel (0, 0) of picture 0: pixels 0, 1, 4 and 5 of four a row, three channels each.
    const mean = (channel: number) => (0 + 3 + 12 + 15) / 4 + channel;
    expect([...target.slice(12, 15)]).toEqual([mean(0), mean(1), mean(2)]);
    // The last pixel of picture 2 lies two rows and two columns on.
    const last = 2 * 48 + (30 + 33 + 42 + 45) / 4;
    expect([...target.slice(9, 12)]).toEqual([last, last + 1, last + 2]);
  });

  it('makes grey of colour by luma', () => {
    const pack = countingPack(1, 2, 3);
    const target = new Float32Array(4);
    viewPictures(pack, { size: 2, channels: 1 }).readInto(target, Uint32Array.of(0));
    expect(target[0]).toBeCloseTo(0.587 + 2 * 0.114, 5);
    expect(target[3]).toBeCloseTo(9 + 0.587 + 2 * 0.114, 5);
  });

  it('refuses to enlarge', () => {
    expect(() => viewPictures(countingPack(1, 16, 1), { size: 32, channels: 1 })).toThrow(RangeError);
    expect(() => viewPictures(countingPack(1, 16, 1), { size: 16, channels: 3 })).toThrow(RangeError);
  });
});
