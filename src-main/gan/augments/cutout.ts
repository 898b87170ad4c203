import { streams } from '#shared/math/random';
import type { Recipe } from '#shared/recipe/recipe';
import type { Augment } from '../augment';

/** Side of the square, pixels. */
const square = ({ augmentation, image }: Recipe): number => Math.round(augmentation.cutout * image.size);

/**
 * Greys out a square of each picture; numbers are row and column of its middle, in pixels. The square's first row and column lie anywhere from half of it
 * outside to half of it outside at the other end, as DiffAugment has it.
 */
export const cutout: Augment = {
  id: 'cutout',
  order: 3,
  stream: streams.cutout,
  // So far outside that no square reaches the picture.
  unchanged: [-1e4, -1e4],
  isOn: (recipe) => square(recipe) > 0,
  numbers: (drawn, recipe) => {
    const [cut, side] = [square(recipe), recipe.image.size];
    const places = side + 1 - (cut % 2);
    return drawn.map((number) => {
      const first = Math.min(places - 1, Math.floor(((number + 1) / 2) * places)) - Math.floor(cut / 2);
      return first + (cut - 1) / 2;
    });
  },
  apply: (tf, pictures, numbers, recipe) => {
    const [, height = 1, width = 1] = pictures.shape;
    const [rows, columns] = tf.split(numbers, 2, 1);
    const within = (length: number, middle: typeof numbers | undefined, shape: [number, number, number, number]) => {
      const places = tf.reshape(
        Float32Array.from({ length }, (_, place) => place),
        shape,
      );
      const distance = tf.abs(tf.sub(places, tf.reshape(middle ?? [], [-1, 1, 1, 1])));
      return tf.step(tf.sub(square(recipe) / 2, distance));
    };
    const cut = tf.mul(within(height, rows, [1, height, 1, 1]), within(width, columns, [1, 1, width, 1]));
    return tf.mul(pictures, tf.sub(1, cut));
  },
};
