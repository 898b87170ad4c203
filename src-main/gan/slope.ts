import type { Tf } from '#shared/recipe/layerKind';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Critic, PenaltyInputs } from './regularizer';

/**
 * ‖∇D(x)‖² of each picture, `[N]`. The gradient is that of the sum of D's outputs, which is each picture's own as long as D does not mix the pictures of
 * a batch (with batch normalisation it does, and this is what PyTorch programs compute too).
 */
export function squaredSlopes(tf: Tf, critic: Critic, pictures: Tensor, labels: Tensor | undefined): Tensor1D {
  const gradient = tf.grad((x) => tf.sum(critic(x, labels)))(pictures);
  const perPicture = pictures.shape.slice(1).reduce((product, side) => product * side, 1);
  return tf.sum(tf.square(tf.reshape(gradient, [-1, perPicture])), 1);
}

/**
 * Pictures between a real and a generated one each, at the place that was drawn, and their classes: where the two are of different ones, mixed in the
 * same share.
 */
export function mixtures(
  tf: Tf,
  { real, fake, realLabels, fakeLabels, mix }: PenaltyInputs,
): readonly [pictures: Tensor, labels: Tensor | undefined] {
  if (!mix) throw new Error('a penalty on mixtures needs the places between real and fake');
  const between = (from: Tensor, to: Tensor): Tensor =>
    tf.add(from, tf.mul(tf.sub(to, from), tf.reshape(mix, [-1, ...to.shape.slice(1).map(() => 1)])));
  return [between(fake, real), realLabels && fakeLabels && between(fakeLabels, realLabels)];
}
