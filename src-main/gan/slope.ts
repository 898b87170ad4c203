import type { Tf } from '#shared/recipe/layerKind';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';

/**
 * ‖∇D(x)‖² of each picture, `[N]`. The gradient is that of the sum of D's outputs, which is each picture's own as long as D does not mix the pictures of
 * a batch (with batch normalisation it does, and this is what PyTorch programs compute too).
 */
export function squaredSlopes(tf: Tf, critic: (pictures: Tensor) => Tensor, pictures: Tensor): Tensor1D {
  const gradient = tf.grad((x) => tf.sum(critic(x)))(pictures);
  const perPicture = pictures.shape.slice(1).reduce((product, side) => product * side, 1);
  return tf.sum(tf.square(tf.reshape(gradient, [-1, perPicture])), 1);
}
