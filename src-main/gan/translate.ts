import type { Tf } from '#shared/recipe/layerKind';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Pictures `[N, H, W, C]` moved by whole pixels: `y[n, r, c] = x[n, r + shift[n, 0], c + shift[n, 1]]`, zero (mid-grey) where that lies outside. Shifts
 * `[N, 2]` are at most `reach` either way. Differentiable once, by x: the gradient is moved back.
 */
export function translate(tf: Tf, x: Tensor, shift: Tensor, reach: number): Tensor {
  const move = tf.customGrad((pictures) => ({
    value: taken(tf, pictures as Tensor4D, shift, reach),
    gradFunc: (dy) => taken(tf, dy as Tensor4D, tf.neg(shift), reach),
  }));
  return move(x);
}

/** A shift of −reach … reach pixels, each as likely, from a number drawn uniformly from −1 … 1. */
export function shiftOf(drawn: number, reach: number): number {
  // Rounded to float32 a number just below 1 can be 1.
  return Math.min(reach, Math.floor(((drawn + 1) / 2) * (2 * reach + 1)) - reach);
}

/** Reads each picture, padded by `reach`, beginning at its shift: one index for each pixel, its place in the table plus the picture's offset. */
function taken(tf: Tf, x: Tensor4D, shift: Tensor, reach: number): Tensor4D {
  const [, height, width, channels] = x.shape;
  const paddedWidth = width + 2 * reach;
  const padded = tf.pad(x, [
    [0, 0],
    [reach, reach],
    [reach, reach],
    [0, 0],
  ]);
  const places = Float32Array.from(
    { length: height * width },
    (_, pixel) => Math.floor(pixel / width) * paddedWidth + (pixel % width),
  );
  const strides = tf.tensor2d([paddedWidth, 1], [2, 1]);
  const offsets = tf.matMul(tf.add(shift, reach), strides); // [N, 1]
  // As float32 the indices are exact: a padded picture has fewer than 2²⁴ pixels.
  const indices = tf.cast(tf.add(offsets, tf.tensor1d(places)), 'int32');
  const rows = tf.reshape(padded, [-1, (height + 2 * reach) * paddedWidth, channels]);
  return tf.reshape(tf.gather(rows, indices, 1, 1), x.shape);
}
