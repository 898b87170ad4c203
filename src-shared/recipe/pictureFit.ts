import type { Recipe } from './recipe';

/** Side and channels of a picture, as packed or as a recipe wants it. */
export type PictureFormat = Recipe['image'];

/**
 * Whether packed pictures can be shown to a recipe's networks: as they are, or made smaller by a whole factor (each pixel the mean of a square),
 * or grey from colour. Nothing is ever made larger.
 */
export function picturesFit(packed: PictureFormat, wanted: PictureFormat): boolean {
  return packed.size % wanted.size === 0 && packed.channels >= wanted.channels;
}
