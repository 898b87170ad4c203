import { expect, it } from 'vitest';
import { AugmentationSettings } from '#shared/recipe/augmentation';
import { presetRecipe } from '#shared/recipe/presets';
import { augmentPictures } from './augment';
import { BatchSource } from './batches';
import { toPixels } from './pixels';

const none = AugmentationSettings.parse({});
const SIDE = 32;
/** Two pictures: brightness rises to the right in one, downwards in the other. */
const pixels = new Uint8Array(2 * SIDE * SIDE).map((_, at) => {
  const [picture, row, column] = [Math.floor(at / SIDE ** 2), Math.floor(at / SIDE) % SIDE, at % SIDE];
  return 8 * (picture === 0 ? column : row);
});
const pictures = { count: 2, width: SIDE, height: SIDE, channels: 1, pixels } as const;
const each = SIDE * SIDE;

it('mirrors half of the pictures as a run with that seed does', async () => {
  const augmentation = { ...none, flip: true };
  const shown = await augmentPictures({ pictures, augmentation, seed: 3, variants: 16 });
  expect(shown).toMatchObject({ count: 32, width: SIDE, channels: 1 });
  const first = Array.from({ length: 16 }, (_, variant) => shown.pixels[variant * each]);
  expect(new Set(first)).toEqual(new Set([0, 248]));
  // The run's own batches of the same two pictures, in the order in which it shows them.
  const recipe = { ...presetRecipe('dcgan-32', 1), augmentation };
  const asFloats = Float32Array.from(pixels, (byte) => byte / 127.5 - 1);
  const source = {
    count: 2,
    readInto: (target: Float32Array, indices: Uint32Array) =>
      indices.forEach((_, row) => target.set(asFloats.subarray(row * each, (row + 1) * each), row * each)),
  };
  const batches = new BatchSource(source, recipe, 3, 2);
  for (let variant = 0; variant < 16; variant++) {
    const batch = toPixels(batches.after(variant * 2).real);
    for (const row of [0, 1]) {
      const at = (row * 16 + variant) * each;
      expect(shown.pixels.slice(at, at + each)).toEqual(batch.slice(row * each, (row + 1) * each));
    }
  }
});

it('moves pictures by whole pixels, with mid-grey where nothing was', async () => {
  const shown = await augmentPictures({
    pictures,
    augmentation: { ...none, translation: 0.125 },
    seed: 1,
    variants: 32,
  });
  const shifts = new Set<number>();
  for (let variant = 0; variant < 32; variant++) {
    // The middle row of the first picture: 8·column, moved.
    const middle = shown.pixels.slice(variant * each + (SIDE / 2) * SIDE, variant * each + (SIDE / 2 + 1) * SIDE);
    shifts.add((middle[16] as number) / 8 - 16);
  }
  expect(Math.max(...shifts)).toBeLessThanOrEqual(4);
  expect(Math.min(...shifts)).toBeGreaterThanOrEqual(-4);
  expect(shifts.size).toBeGreaterThan(4);
  expect(shown.pixels).toContain(128);
});

it('changes nothing where the recipe asks for nothing', async () => {
  const shown = await augmentPictures({
    pictures,
    augmentation: none,
    seed: 1,
    variants: 1,
  });
  expect(shown.pixels).toEqual(pixels);
});
