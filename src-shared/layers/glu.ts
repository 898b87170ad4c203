import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { defineLayer, describeShape, LayerMisfit } from '../recipe/layerKind';

/** Gated linear unit (Dauphin et al. 2017): the first half of the channels times the sigmoid of the second. `[..., 2C] → [..., C]`. */
export const glu = defineLayer({
  id: 'glu',
  title: 'GLU',
  group: 'activation',
  help: 'One half of the channels decides, from 0 to 1, how much of the other half passes. The activation of FastGAN’s generator; channels are halved.',
  settings: z.strictObject({}),
  outputShape: (input) => {
    const channels = input.at(-1) ?? 0;
    if (channels % 2 !== 0) {
      throw new LayerMisfit(
        `GLU needs an even number of channels, but gets ${describeShape(input)}`,
        'Give the layer before it an even number of outputs',
      );
    }
    return [...input.slice(0, -1), channels / 2];
  },
  weights: () => ({}),
  apply: (tf, x) => {
    const half = (x.shape.at(-1) ?? 0) / 2;
    const [passed, gate] = tf.split(x, [half, half], x.rank - 1);
    return tf.mul(passed as Tensor, tf.sigmoid(gate as Tensor));
  },
});
