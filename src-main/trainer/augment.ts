import type { PictureBatch } from '#shared/contract/types';
import type { AugmentationSettings } from '#shared/recipe/augmentation';
import { presetRecipe, presets } from '#shared/recipe/presets';
import * as tf from '@tensorflow/tfjs-core';
import { eagerBackend, useBackend } from '../engine/eagerBackend';
import { augmented, augmentsOf } from '../gan/augment';
import { drawChanges, isMirrored } from '../gan/draws';
import { mirror } from './mirror';
import { toPixels } from './pixels';

/** What an augmentation is tried on. */
export interface AugmentOrder {
  readonly pictures: PictureBatch;
  readonly augmentation: AugmentationSettings;
  readonly seed: number;
  /** How often each picture is drawn. */
  readonly variants: number;
}

/**
 * Pictures as D sees them in `variants` batches that follow each other, by the very code that a run changes them with; an adaptive augmentation at its full strength: `variants` of the first, then those of
 * the second, and so on.
 */
export async function augmentPictures({ pictures, augmentation, seed, variants }: AugmentOrder): Promise<PictureBatch> {
  const { count, width: size, channels } = pictures;
  // Of its recipe an augmentation reads the pictures' format alone.
  const recipe = { ...presetRecipe(presets[0]?.id ?? '', channels), image: { size, channels }, augmentation };
  useBackend(await eagerBackend('cpu'));
  const each = size * size * channels;
  const pixels = new Uint8Array(count * variants * each);
  for (let variant = 0; variant < variants; variant++) {
    const seen = variant * count;
    const real = Float32Array.from(pictures.pixels, (byte) => byte / 127.5 - 1);
    for (let row = 0; row < count; row++) {
      if (isMirrored(recipe, seed, seen + row)) mirror(real.subarray(row * each, (row + 1) * each), size, channels);
    }
    const shown = tf.tidy(() => {
      const batch = tf.tensor4d(real, [count, size, size, channels]);
      const changes = augmentsOf(recipe).map((one) => {
        const numbers = drawChanges(one, recipe, count, seed, seen);
        return [one.id, tf.tensor2d(numbers, [count, one.unchanged.length])] as const;
      });
      return augmented(tf, recipe, batch, Object.fromEntries(changes)).dataSync<'float32'>();
    });
    const bytes = toPixels(Float32Array.from(shown));
    for (let row = 0; row < count; row++) {
      pixels.set(bytes.subarray(row * each, (row + 1) * each), (row * variants + variant) * each);
    }
  }
  return { count: count * variants, width: size, height: size, channels, pixels };
}
