import * as tf from '@tensorflow/tfjs-core';

/**
 * A mask, constant to whoever differentiates again: it is so almost everywhere, and TensorFlow.js has no gradient for comparisons.
 * What customGrad's function computes is not on the tape.
 */
export const maskOf = (compute: (x: tf.Tensor) => tf.Tensor): ((x: tf.Tensor) => tf.Tensor) =>
  tf.customGrad((x) => ({ value: compute(x as tf.Tensor), gradFunc: () => tf.zerosLike(x as tf.Tensor) }));

/** 1 where x > 0, else 0. */
export const positive = maskOf((x) => tf.step(x));
