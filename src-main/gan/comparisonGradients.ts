import * as tf from '@tensorflow/tfjs-core';
import { positive } from './masks';

/**
 * The larger and the smaller of two: TensorFlow.js's gradients compare and cast, which has no gradient of its own, and do not add up what a broadcast
 * operand got. Where both are equal the first gets all, as in TensorFlow.js.
 */
export function installComparisonGradients(): void {
  register('Maximum', (a, b) => positive(tf.sub(b, a)));
  register('Minimum', (a, b) => positive(tf.sub(a, b)));
}

function register(kernelName: string, secondWins: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const mask = () => secondWins(a, b);
      return {
        a: () => addedUp(tf.mul(dy as tf.Tensor, tf.sub(1, mask())), a.shape),
        b: () => addedUp(tf.mul(dy as tf.Tensor, mask()), b.shape),
      };
    },
  });
}

/** The gradient of an operand that was repeated: the sum over its repetitions. */
function addedUp(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
}
