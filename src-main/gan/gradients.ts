import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as tf from '@tensorflow/tfjs-core';
import { installActivationGradients } from './activationGradients';
import { installComparisonGradients } from './comparisonGradients';
import { maskOf, positive } from './masks';
import { installReductionGradients } from './reductionGradients';

/**
 * Gradients that differ from TensorFlow.js's own, for every backend. Both engines differentiate with these, so their numbers are the same, and
 * penalties on gradients (R1, WGAN-GP) can be differentiated a second time. The registry is global and the last entry counts: call this again after
 * loading a package that registers its own (tfjs-node).
 */
export function installGradients(): void {
  installActivationGradients();
  installComparisonGradients();
  installReductionGradients();
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => tf.mul(dy as tf.Tensor, positive(y as tf.Tensor)) }),
  });
  tf.registerGradient({
    kernelName: 'LeakyRelu',
    outputsToSave: [true],
    gradFunc: (dy, [y], attributes) => ({
      x: () => tf.mul(dy as tf.Tensor, leakyMask(y as tf.Tensor, Number(attributes['alpha']))),
    }),
  });
  // TensorFlow.js differentiates these by their saved results, which its tape does not follow a second time: by their inputs it does. Computing the
  // result again costs the compiled engine nothing, equal nodes being one.
  tf.registerGradient({
    kernelName: 'Tanh',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({
      x: () => tf.mul(dy as tf.Tensor, tf.sub(1, tf.square(tf.tanh(x as tf.Tensor)))),
    }),
  });
  tf.registerGradient({
    kernelName: 'Sigmoid',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({
      x: () => {
        const y = tf.sigmoid(x as tf.Tensor);
        return tf.mul(dy as tf.Tensor, tf.mul(y, tf.sub(1, y)));
      },
    }),
  });
  tf.registerGradient({
    kernelName: 'Conv2DBackpropFilter',
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddFilter, [x, dy], attributes) => filterGradientGradient(ddFilter as tf.Tensor4D, x, dy, attributes),
  });
}

/** Near float32's largest number: what it multiplies saturates a clip, whatever its size. */
const SATURATE = 3e38;

/** 1 where y > 0, else alpha: two arithmetic kernels, where a comparison and a selection take three times as long on a CPU. */
const leakyMask = (y: tf.Tensor, alpha: number): tf.Tensor =>
  maskOf((result) => tf.clipByValue(tf.mul(result, SATURATE), alpha, 1))(y);

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
