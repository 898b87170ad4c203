import type { Tf } from '#shared/recipe/layerKind';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { pack } from './network';

// A type, not an interface: only those pass as TensorFlow.js's containers of tensors.
type Differentiated = { readonly loss: Scalar; readonly gradient: Tensor1D; readonly others: Tensor[] };

/** A loss, its gradient with respect to `weights` as one flat vector, and whatever else the pass computed. */
export function differentiate(
  tf: Tf,
  weights: Tensor[],
  pass: (weights: readonly Tensor[]) => { readonly loss: Scalar; readonly others: readonly Tensor[] },
): Differentiated {
  const { loss, gradients, others } = differentiateEach(tf, weights, pass);
  return { loss, gradient: pack(tf, gradients), others };
}

/** The same with a gradient for each weight. */
export function differentiateEach(
  tf: Tf,
  weights: Tensor[],
  pass: (weights: readonly Tensor[]) => { readonly loss: Scalar; readonly others: readonly Tensor[] },
): { readonly loss: Scalar; readonly gradients: Tensor[]; readonly others: Tensor[] } {
  let kept: Tensor[] = [];
  const { value, grads } = tf.valueAndGrads((...inner: Tensor[]) => {
    const { loss, others } = pass(inner);
    // The tape's scope frees all that it does not return: keep the rest past its end, then hand it to the scope around.
    kept = others.map((tensor) => tf.keep(tf.clone(tensor)));
    return loss;
  })(weights);
  const others = kept.map((tensor) => {
    const owned = tf.clone(tensor);
    tensor.dispose();
    return owned;
  });
  return { loss: value as Scalar, gradients: grads, others };
}
