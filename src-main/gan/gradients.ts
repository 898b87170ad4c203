import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Gradients that differ from TensorFlow.js's own, for every backend. Both engines differentiate with these, so their numbers are the same, and
 * penalties on gradients (R1, WGAN-GP) can be differentiated a second time. The registry is global and the last entry counts: call this again after
 * loading a package that registers its own (tfjs-node).
 */
export function installGradients(): void {
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => tf.mul(dy as tf.Tensor, tf.step(constantOf(y as tf.Tensor))) }),
  });
  tf.registerGradient({
    kernelName: 'LeakyRelu',
    outputsToSave: [true],
    gradFunc: (dy, [y], attributes) => ({
      x: () => tf.mul(dy as tf.Tensor, leakySlope(y as tf.Tensor, Number(attributes['alpha']))),
    }),
  });
  tf.registerGradient({
    kernelName: 'Conv2DBackpropFilter',
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddFilter, [x, dy], attributes) => filterGradientGradient(ddFilter as tf.Tensor4D, x, dy, attributes),
  });
}

/** The same numbers, cut off the tape: a mask is constant almost everywhere, and TensorFlow.js has no gradient for comparisons. */
const constantOf: (y: tf.Tensor) => tf.Tensor = tf.customGrad((y) => ({
  value: tf.clone(y as tf.Tensor),
  gradFunc: () => tf.zerosLike(y as tf.Tensor),
}));

/** Near float32's largest number: what it multiplies saturates a clip, whatever its size. */
const SATURATE = 3e38;

/** 1 where y > 0, else alpha: two arithmetic kernels, where a comparison and a selection take three times as long on a CPU. */
function leakySlope(y: tf.Tensor, alpha: number): tf.Tensor {
  return tf.clipByValue(tf.mul(constantOf(y), SATURATE), alpha, 1);
}

/** The filter's gradient is linear in x and in dy; so each one's gradient is a convolution with the other and ddFilter. */
function filterGradientGradient(
  ddFilter: tf.Tensor4D,
  x: tf.Tensor | undefined,
  dy: tf.Tensor | undefined,
  attributes: tf.NamedAttrMap,
): Readonly<Record<string, () => tf.Tensor>> {
  const { strides, pad } = attributes as unknown as tf.Conv2DBackpropFilterAttrs;
  const xShape = (x as tf.Tensor4D).shape;
  return {
    dy: () => tf.conv2d(x as tf.Tensor4D, ddFilter, strides, pad),
    // What tf.conv2d's own gradient runs; conv2dTranspose with the shape of x is its public name.
    x: () => tf.conv2dTranspose(dy as tf.Tensor4D, ddFilter, xShape, strides, pad),
  };
}
