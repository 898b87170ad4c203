import * as tf from '@tensorflow/tfjs-core';

/**
 * Gradients of sum and mean: dy in every place that was reduced. TensorFlow.js writes the ones that it multiplies with out in full, millions of them
 * for a batch of feature maps; a fill is a kernel, of which the trace keeps one number.
 */
export function installReductionGradients(): void {
  tf.registerGradient({
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({ x: () => repeated(dy as tf.Tensor, x as tf.Tensor, attributes, 1) }),
  });
  tf.registerGradient({
    kernelName: 'Mean',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const [result, source] = [dy as tf.Tensor, x as tf.Tensor];
      return { x: () => repeated(result, source, attributes, result.size / source.size) };
    },
  });
}

function repeated(dy: tf.Tensor, { shape }: tf.Tensor, attributes: tf.NamedAttrMap, share: number): tf.Tensor {
  const axes = tf.util.parseAxisParam(attributes['axis'] as number | number[], shape);
  const kept = shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
  return tf.mul(tf.reshape(dy, kept), tf.fill(shape, share));
}
