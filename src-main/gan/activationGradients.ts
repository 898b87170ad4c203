import * as tf from '@tensorflow/tfjs-core';
import { positive } from './masks';

const { SELU_SCALE, SELU_SCALEALPHA } = tf.backend_util;

/**
 * Activations that TensorFlow.js differentiates by their results or by kernels that have no gradient of their own. By their inputs, with exponentials
 * and steps alone, they can be differentiated any number of times.
 */
export function installActivationGradients(): void {
  register('Exp', (x) => tf.exp(x));
  // 1 where x > 0, else eˣ: e^min(0, x) is both.
  register('Elu', (x) => tf.exp(negativePart(x)));
  // λ where x > 0, else λα·eˣ; at 0 the exponential is 1, so the step adds the difference of the two.
  register('Selu', (x) =>
    tf.add(tf.mul(tf.exp(negativePart(x)), SELU_SCALEALPHA), tf.mul(positive(x), SELU_SCALE - SELU_SCALEALPHA)),
  );
  tf.registerGradient({
    kernelName: 'Softmax',
    inputsToSave: ['logits'],
    gradFunc: (dy, [logits]) => ({
      logits: () => {
        const y = tf.softmax(logits as tf.Tensor);
        const weighted = tf.mul(dy as tf.Tensor, y);
        return tf.sub(weighted, tf.mul(tf.sum(weighted, -1, true), y));
      },
    }),
  });
}

/** min(0, x). */
const negativePart = (x: tf.Tensor): tf.Tensor => tf.neg(tf.relu(tf.neg(x)));

function register(kernelName: string, derivative: (x: tf.Tensor) => tf.Tensor): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, derivative(x as tf.Tensor)) }),
  });
}
