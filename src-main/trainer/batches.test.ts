import { describe, expect, it } from 'vitest';
import { presetRecipe } from '#shared/recipe/presets';
import { BatchSource } from './batches';
import type { PictureSource } from './pictureView';
import { toPixels } from './pixels';

const recipe = presetRecipe('dcgan-32', 1);

/** Pictures that are told apart by their first value: their own number. */
const numbered: PictureSource = {
  count: 10,
  readInto: (target, indices) => indices.forEach((picture, row) => (target[row * 32 * 32] = picture)),
};

/** Numbers of the real pictures of the batch after `seen`. */
function shown(source: BatchSource, seen: number): number[] {
  const { real } = source.after(seen);
  return Array.from({ length: 4 }, (_, row) => real[row * 32 * 32] as number);
}

describe('batches', () => {
  it('show every picture once an epoch, each epoch in another order', () => {
    const source = new BatchSource(numbered, recipe, 1, 4);
    const all = [0, 4, 8, 12, 16].flatMap((seen) => shown(source, seen));
    const [first, second] = [all.slice(0, 10), all.slice(10)];
    for (const epoch of [first, second])
      expect(epoch.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(second).not.toEqual(first);
  });

  it('are the same wherever a run goes on from, across the end of an epoch too', () => {
    const [one, other] = [1, 2].map(() => new BatchSource(numbered, recipe, 1, 4)) as [BatchSource, BatchSource];
    for (const seen of [0, 4]) one.after(seen);
    expect(shown(other, 8)).toEqual(shown(one, 8));
    expect([...other.after(8).z]).toEqual([...one.after(8).z]);
  });

  it('bring what the layers draw, the same wherever a run goes on from; nothing where none draws', () => {
    const lots = { id: 'lots', kind: 'dropout', settings: {} };
    const drawing = { ...recipe, discriminator: [lots, ...recipe.discriminator] };
    const [one, other] = [1, 2].map(() => new BatchSource(numbered, drawing, 1, 2)) as [BatchSource, BatchSource];
    const first = one.after(0).noise?.slice();
    expect(first).toHaveLength(2 * 3 * 32 * 32);
    const second = one.after(2).noise?.slice();
    expect(second).not.toEqual(first);
    expect(other.after(2).noise).toEqual(second);
    expect(new BatchSource(numbered, recipe, 1, 2).after(0).noise).toBeUndefined();
  });

  it('never draw a latent twice, also when the batch size changes', () => {
    const small = new BatchSource(numbered, recipe, 1, 2);
    const large = new BatchSource(numbered, recipe, 1, 4);
    const drawn = [...small.after(0).z, ...large.after(2).z, ...small.after(6).z];
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

it('turns −1 … 1 into bytes, the inverse of what training pictures go through', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(toPixels(Float32Array.from(bytes, (byte) => byte / 127.5 - 1))).toEqual(bytes);
  expect([...toPixels(Float32Array.of(-2, 2, NaN))]).toEqual([0, 255, 0]);
});
