import { describe, expect, it } from 'vitest';
import { AugmentationSettings } from '#shared/recipe/augmentation';
import { presetRecipe } from '#shared/recipe/presets';
import type { Recipe } from '#shared/recipe/recipe';
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

describe('what a recipe draws beside', () => {
  const augmented: Recipe = {
    ...recipe,
    augmentation: AugmentationSettings.parse({ flip: true, translation: 0.125 }),
    regularizer: { kind: 'gradientPenalty', lambda: 10, every: 1 },
    training: { ...recipe.training, discriminatorSteps: 2 },
  };
  /** Rows that run from 0 to 31, so that a mirrored picture is one whose rows fall. */
  const rising: PictureSource = { count: 10, readInto: (target) => target.forEach((_, at) => (target[at] = at % 32)) };
  const source = new BatchSource(rising, augmented, 3, 16);

  it('is two batches of pictures for two updates of D, half of them mirrored', () => {
    expect(source.images).toBe(32);
    const { real, z } = source.after(0);
    expect([real.length, z.length]).toEqual([32 * 32 * 32, 32 * augmented.latent.size]);
    const rows = Array.from({ length: 32 }, (_, picture) => real.slice(picture * 1024, picture * 1024 + 32));
    const mirrored = rows.filter(([first]) => first === 31);
    expect(mirrored.length).toBeGreaterThan(8);
    expect(mirrored.length).toBeLessThan(24);
    for (const row of mirrored) expect([...row]).toEqual(Array.from({ length: 32 }, (_, column) => 31 - column));
  });

  it('is a shift of −4 … 4 pixels both ways for reals, fakes and G’s fakes, and a place between real and fake', () => {
    const shifts = new Set<number>();
    for (let seen = 0; seen < 320; seen += 32) {
      const { changes, mix = new Float32Array(0) } = source.after(seen);
      const drawn = changes?.['translation'] ?? new Float32Array(0);
      expect([drawn.length, mix.length]).toEqual([5 * 16 * 2, 32]);
      for (const shift of drawn) shifts.add(shift);
      for (const share of mix) expect(share).toBeGreaterThanOrEqual(0);
      expect(Math.max(...mix)).toBeLessThanOrEqual(1);
    }
    expect([...shifts].sort((a, b) => a - b)).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4]);
  });

  it('is nothing where the recipe asks for nothing', () => {
    const plain = new BatchSource(numbered, recipe, 1, 4).after(0);
    expect(Object.keys(plain).sort()).toEqual(['real', 'z']);
  });
});

it('turns −1 … 1 into bytes, the inverse of what training pictures go through', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(toPixels(Float32Array.from(bytes, (byte) => byte / 127.5 - 1))).toEqual(bytes);
  expect([...toPixels(Float32Array.of(-2, 2, NaN))]).toEqual([0, 255, 0]);
});
