import { streams } from '#shared/math/random';
import type { Recipe } from '#shared/recipe/recipe';
import type { Augment } from '../augment';
import { shiftOf, translate } from '../translate';

/** Largest shift in whole pixels. */
const reach = ({ augmentation, image }: Recipe): number => Math.round(augmentation.translation * image.size);

/** Moves each picture by whole pixels, down and right: zero where it came from. */
export const translation: Augment = {
  id: 'translation',
  order: 2,
  stream: streams.shifts,
  unchanged: [0, 0],
  isOn: (recipe) => reach(recipe) > 0,
  numbers: (drawn, recipe) => drawn.map((number) => shiftOf(number, reach(recipe))),
  apply: (tf, pictures, numbers, recipe) => translate(tf, pictures, numbers, reach(recipe)),
};
