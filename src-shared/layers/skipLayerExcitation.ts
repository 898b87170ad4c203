import type { Tensor2D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { initialDeviation, weightInit } from '../recipe/initializers';
import { defineJoin, featureMap, LayerMisfit, type Shape } from '../recipe/layerKind';
import { resampled, windowMeansTo } from '../recipe/resampling';
import { normalisedWeights, spectralNorm, spectralWeightsOf } from '../recipe/spectral';

/** Side that the small input is averaged to, and slope between its two matrices (FastGAN, section 3.1). */
const SIDE = 4;
const SLOPE = 0.1;

/** The large and the small feature map's shapes. */
function twoMaps(inputs: readonly Shape[]) {
  const [large, small] = inputs;
  if (!large || !small || inputs.length > 2) {
    throw new LayerMisfit(
      `Skip-layer excitation needs two inputs, but gets ${inputs.length}`,
      'Name the large feature map first and the small one second',
    );
  }
  return [featureMap(large, 'Skip-layer excitation'), featureMap(small, 'Skip-layer excitation')] as const;
}

/**
 * Skip-layer excitation of FastGAN (Liu et al. 2021, section 3.1): an early, small feature map decides for each channel of a later, large one how much
 * passes. Average pooling to 4×4, 4×4 convolution, leaky ReLU 0.1, 1×1 convolution, sigmoid. `[N, H, W, C], [N, h, w, c] → [N, H, W, C]`.
 */
export const skipLayerExcitation = defineJoin({
  id: 'skipLayerExcitation',
  title: 'Skip-layer excitation',
  group: 'join',
  joins: true,
  help: 'Lets an early, small feature map decide which channels of a later, large one pass. A cheap long connection that steadies generators trained on few pictures. Its first input is the large map, its second the small one.',
  settings: z.strictObject({ initialDeviation, spectralNorm }),
  outputShape: (inputs) => twoMaps(inputs)[0],
  weights: (inputs, { initialDeviation, spectralNorm }) => {
    const [[, , channels], [, , smallChannels]] = twoMaps(inputs);
    const init = weightInit(initialDeviation);
    return {
      squeeze: { shape: [SIDE * SIDE * smallChannels, channels], init, role: 'trained' },
      excite: { shape: [channels, channels], init, role: 'trained' },
      ...spectralWeightsOf(spectralNorm, { squeeze: channels, excite: channels }),
    };
  },
  apply: (tf, xs, weights, _settings, context) => {
    const { squeeze, excite } = normalisedWeights(tf, weights, context);
    const [large, small] = xs;
    if (!large || !small) throw new Error('skip-layer excitation has two inputs');
    const [batch = 1, height = 1, width = 1, smallChannels = 1] = small.shape;
    const means = resampled(tf, small, windowMeansTo(height, SIDE), windowMeansTo(width, SIDE));
    const vector = tf.reshape(means, [batch, SIDE * SIDE * smallChannels]) as Tensor2D;
    const squeezed = tf.leakyRelu(tf.matMul(vector, squeeze as Tensor2D), SLOPE);
    const gate = tf.sigmoid(tf.matMul(squeezed, excite as Tensor2D));
    return tf.mul(large, tf.reshape(gate, [batch, 1, 1, large.shape.at(-1) ?? 1]));
  },
});
