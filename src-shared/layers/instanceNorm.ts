import { z } from 'zod';
import { defineLayer, featureMap, LayerMisfit } from '../recipe/layerKind';
import { affine, epsilon, scaleAndShift, scaledAndShifted, standardised } from '../recipe/normalisation';

/** Instance normalisation (Ulyanov, Vedaldi and Lempitsky 2016): each channel of each picture over its own pixels. */
export const instanceNorm = defineLayer({
  id: 'instanceNorm',
  title: 'Instance normalisation',
  group: 'normalisation',
  help: 'Brings each channel of each picture to mean 0 and spread 1 over its own pixels. It takes contrast and tint away, which is why style transfer uses it.',
  settings: z.strictObject({ epsilon, affine }),
  outputShape: (input) => {
    const [height, width] = featureMap(input, 'Instance normalisation');
    if (height * width === 1) {
      throw new LayerMisfit(
        'Instance normalisation needs more than one pixel, for the spread of one is 0',
        'Remove it, or use layer normalisation',
      );
    }
    return input;
  },
  weights: (input, settings) => scaleAndShift(input, settings.affine),
  apply: (tf, x, weights, settings) => scaledAndShifted(tf, standardised(tf, x, [1, 2], settings.epsilon), weights),
});
