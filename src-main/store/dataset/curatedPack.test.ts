import { describe, expect, it } from 'vitest';
import { isHeldOut } from '#shared/dataset/curation';
import { readTrainingSet, trainingSet, type CuratedPicture } from './curatedPack';
import { applyPatch, emptyCuration, type Patch } from './curationState';

/** Ids as evenly spread as hashes are. */
const id = (number: number) =>
  Math.floor(((number * 0.618034) % 1) * 2 ** 48)
    .toString(16)
    .padStart(12, '0') + number.toString(16).padStart(52, '0');
const pictures: readonly CuratedPicture[] = Array.from({ length: 100 }, (_, number) => ({
  id: id(number),
  className: number < 90 ? 'cats' : 'dogs',
}));
const curated = (patch: Patch) => applyPatch(emptyCuration, patch)?.curation ?? emptyCuration;
const setOf = (patch: Patch, of = pictures) => trainingSet('f'.repeat(64), of, curated(patch));

describe('the training set', () => {
  it('is the whole pack, under its own hash, where nothing is curated', () => {
    const set = setOf({});
    expect([...set.indices]).toEqual(pictures.map((_, index) => index));
    expect(set).toMatchObject({ weights: undefined, excluded: 0, heldOut: 0, unweighted: 0, hash: 'f'.repeat(64) });
  });

  it('leaves out what is excluded, by content', () => {
    const set = setOf({
      excluded: [
        [id(3), true],
        [id(999), true],
      ],
    });
    expect(set.excluded).toBe(1);
    expect(set.indices.includes(3)).toBe(false);
    expect(set.indices).toHaveLength(99);
    expect(set.hash).not.toBe('f'.repeat(64));
  });

  it('holds pictures out by their content, whatever comes beside', () => {
    const split: Patch = { settings: [['split', { heldOut: 0.2, seed: 1 }]] };
    const all = setOf(split);
    expect(all.heldOut).toBeGreaterThan(8);
    expect(all.heldOut).toBeLessThan(35);
    const trained = (set: ReturnType<typeof setOf>, of: readonly CuratedPicture[]) =>
      [...set.indices].map((index) => of[index]?.id);
    const some = pictures.filter((_, index) => index % 3 === 0);
    const before = new Set(trained(all, pictures));
    expect(trained(setOf(split, some), some)).toEqual(
      some.map((picture) => picture.id).filter((one) => before.has(one)),
    );
    expect(pictures.filter((picture) => isHeldOut(picture.id, { heldOut: 0.2, seed: 2 }))).not.toEqual(
      pictures.filter((picture) => isHeldOut(picture.id, { heldOut: 0.2, seed: 1 })),
    );
  });

  it('weighs by class, balanced or by hand, and never shows a class of weight 0', () => {
    expect([...(setOf({ weights: [['dogs', 3]] }).weights ?? [])].slice(88, 92)).toEqual([1, 1, 3, 3]);
    const balanced = setOf({ settings: [['balanced', true]] }).weights ?? new Float64Array();
    const sum = (from: number, to: number) => balanced.slice(from, to).reduce((total, weight) => total + weight, 0);
    expect(sum(0, 90)).toBeCloseTo(sum(90, 100));
    const none = setOf({ weights: [['cats', 0]] });
    expect([...none.indices]).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
    expect(none).toMatchObject({ unweighted: 90, weights: undefined });
  });

  it('follows classes that were renamed or given by hand', () => {
    const renamed = setOf({ classNames: [['dogs', 'cats']], weights: [['dogs', 3]] });
    expect(renamed.weights).toBeUndefined();
    expect(renamed.hash).not.toBe('f'.repeat(64));
    expect([...(setOf({ classes: [[id(0), 'dogs']], weights: [['dogs', 2]] }).weights ?? [])].slice(0, 2)).toEqual([
      2, 1,
    ]);
  });

  it('reads the pictures that are left, under numbers of their own', () => {
    const read: number[][] = [];
    const pack = { readInto: (_: Float32Array, indices: Uint32Array) => void read.push([...indices]) };
    const view = readTrainingSet(
      pack,
      setOf({
        excluded: [
          [id(0), true],
          [id(2), true],
        ],
      }),
    );
    expect(view.count).toBe(98);
    view.readInto(new Float32Array(0), Uint32Array.of(0, 1, 97));
    expect(read).toEqual([[1, 3, 99]]);
    expect(() => view.readInto(new Float32Array(0), Uint32Array.of(98))).toThrow(RangeError);
  });
});
