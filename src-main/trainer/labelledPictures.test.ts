import { presetRecipe } from '#shared/recipe/presets';
import { withClasses } from '#shared/recipe/conditional';
import { describe, expect, it } from 'vitest';
import { BatchSource } from './batches';
import { classFrequencies, labelledPictures } from './labelledPictures';
import type { PictureSource } from './pictureView';

/** Pictures of 32×32×3 whose every number is theirs. */
const pictures: PictureSource = {
  count: 5,
  readInto: (target, indices) => indices.forEach((index, row) => target.fill(index / 10, row * 3072, (row + 1) * 3072)),
};
const pack = { classes: ['dog', 'cat', 'ape'], labels: Int32Array.of(1, -1, 0, 1, 0) };

describe('labelledPictures', () => {
  it('leaves out what has no class, and numbers classes as the recipe does', () => {
    const chosen = labelledPictures(pictures, pack, ['cat', 'dog', 'ape']);
    expect(chosen.count).toBe(4);
    expect([...(chosen.labels ?? [])]).toEqual([0, 1, 0, 1]);
    expect(classFrequencies(chosen, 3)).toEqual([2, 2, 0]);
    const target = new Float32Array(2 * 3072);
    chosen.readInto(target, Uint32Array.of(1, 3));
    expect([target[0], target[3072]]).toEqual([0.2, 0.4].map(Math.fround));
  });

  it('is the pictures themselves without classes', () => {
    expect(labelledPictures(pictures, pack, [])).toBe(pictures);
  });

  it('gives a batch each picture with its class, and fakes of the classes that there are', () => {
    const recipe = withClasses(presetRecipe('dcgan-32', 3), ['cat', 'dog', 'ape']);
    const batches = new BatchSource(labelledPictures(pictures, pack, recipe.classes), recipe, 1, 4);
    const { real, labels = new Float32Array(0), fakeLabels = new Float32Array(0) } = batches.after(0);
    for (let row = 0; row < 4; row++) {
      const picture = Math.round((real[row * 3072] as number) * 10);
      const name = recipe.classes[labels.subarray(row * 3, row * 3 + 3).indexOf(1)];
      expect(name).toBe(pack.classes[pack.labels[picture] as number]);
    }
    expect(fakeLabels).toHaveLength(12);
    expect(fakeLabels.filter((_, index) => index % 3 === 2).every((number) => number === 0)).toBe(true);
    expect(fakeLabels.reduce((sum, number) => sum + number, 0)).toBe(4);
  });
});
