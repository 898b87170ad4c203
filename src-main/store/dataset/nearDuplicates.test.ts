import { describe, expect, it } from 'vitest';
import { groupAlike } from './nearDuplicates';

/** Hashes by their bits that are set, of 64. */
function looks(...pictures: readonly (readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(pictures.length * 8);
  pictures.forEach((bits, picture) => {
    for (const bit of bits)
      bytes[picture * 8 + (bit >> 3)] = (bytes[picture * 8 + (bit >> 3)] as number) | (1 << (bit & 7));
  });
  return bytes;
}
const base = [1, 5, 9, 20, 33, 47, 60];
const without = (...bits: readonly number[]) => base.filter((bit) => !bits.includes(bit));

describe('near duplicates', () => {
  it('are pictures that differ in up to four bits, wherever these lie', () => {
    const alike = looks(base, without(1, 20, 47, 60), [...base, 2, 14, 27, 40], [0, 7, 62], base);
    expect(groupAlike(alike, () => 1)).toEqual([[0, 1, 2, 4]]);
    expect(groupAlike(looks(base, without(1, 20, 47, 60, 33)), () => 1)).toEqual([]);
  });

  it('gather round their largest picture; a chain of small differences joins nothing', () => {
    const chain = looks(base, without(1, 5, 9), without(1, 5, 9, 20, 33), without(1, 5, 9, 20, 33, 47));
    // The second is the largest: the third and fourth differ from it by two and three, the first by three.
    expect(groupAlike(chain, (picture) => (picture === 1 ? 9 : 1))).toEqual([[1, 0, 2, 3]]);
    expect(groupAlike(chain, (picture) => (picture === 0 ? 9 : 1))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('finds all pairs that are near, of random hashes with near copies among them', () => {
    let state = 1;
    const random = (): number => (state = (state * 48271) % 0x7fffffff);
    const bytes = Uint8Array.from({ length: 400 * 8 }, () => random() & 255);
    for (let copy = 0; copy < 100; copy++) {
      bytes.copyWithin((300 + copy) * 8, copy * 8, copy * 8 + 8);
      for (let change = 0; change < 4; change++) {
        const at = (300 + copy) * 8 + (random() % 8);
        bytes[at] = (bytes[at] as number) ^ (1 << (random() % 8));
      }
    }
    const groups = groupAlike(bytes, (picture) => -picture);
    for (let copy = 0; copy < 100; copy++) expect(groups).toContainEqual([copy, 300 + copy]);
    expect(groups).toHaveLength(100);
  });

  it('says nothing of pictures of one colour, and is not slowed down by many that are the same', () => {
    expect(groupAlike(looks([], []), () => 1)).toEqual([]);
    const same = new Uint8Array(200_000 * 8).fill(85);
    expect(groupAlike(same, () => 1).map(({ length }) => length)).toEqual([200_000]);
  });
});
