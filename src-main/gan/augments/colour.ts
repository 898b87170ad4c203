import { streams } from '#shared/math/random';
import type { Tf } from '#shared/recipe/layerKind';
import type { Recipe } from '#shared/recipe/recipe';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Augment } from '../augment';

const strengths = ({ augmentation, image }: Recipe): readonly [number, number, number] => {
  const { brightness, saturation, contrast } = augmentation;
  // A grey picture has no colours to make paler.
  return [brightness, image.channels === 1 ? 0 : saturation, contrast];
};

/** Brightness is added, then colours are scaled about each pixel's mean, then all about the picture's mean. Numbers: what is added, and both factors. */
export const colour: Augment = {
  id: 'colour',
  order: 1,
  stream: streams.colour,
  unchanged: [0, 1, 1],
  isOn: (recipe) => strengths(recipe).some((strength) => strength > 0),
  numbers: (drawn, recipe) => {
    const [brighter = 0, stronger = 0, sharper = 0] = strengths(recipe).map((most, at) => most * (drawn[at] ?? 0));
    return [brighter, 1 + stronger, 1 + sharper];
  },
  apply: (tf, pictures, numbers, recipe) => {
    const [brightness, saturation, contrast] = strengths(recipe);
    const [brighter, stronger, sharper] = tf.split(numbers, 3, 1).map((one) => tf.reshape(one, [-1, 1, 1, 1]));
    let changed = pictures;
    if (brightness > 0) changed = tf.add(changed, brighter as Tensor);
    if (saturation > 0) changed = scaledAbout(tf, changed, [3], stronger as Tensor);
    if (contrast > 0) changed = scaledAbout(tf, changed, [1, 2, 3], sharper as Tensor);
    return changed;
  },
};

function scaledAbout(tf: Tf, pictures: Tensor, axes: number[], factor: Tensor): Tensor {
  const middle = tf.mean(pictures, axes, true);
  return tf.add(tf.mul(tf.sub(pictures, middle), factor), middle);
}
