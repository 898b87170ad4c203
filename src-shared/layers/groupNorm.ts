import { z } from 'zod';
import { defineLayer, LayerMisfit } from '../recipe/layerKind';
import { affine, epsilon, scaleAndShift, scaledAndShifted, standardised } from '../recipe/normalisation';

/** Group normalisation (Wu and He 2018): groups of neighbouring channels of each picture, over all their pixels. */
export const groupNorm = defineLayer({
  id: 'groupNorm',
  title: 'Group normalisation',
  group: 'normalisation',
  help: 'Brings groups of channels of each picture to mean 0 and spread 1. Between layer normalisation (one group) and instance normalisation (a group for each channel), and independent of the batch.',
  settings: z.strictObject({
    groups: z
      .int()
      .min(1)
      .max(1024)
      .default(1)
      .meta({ title: 'Groups', description: 'How many groups the channels are divided into; often 8 or 32.' }),
    epsilon,
    affine,
  }),
  outputShape: (input, { groups }) => {
    const channels = input.at(-1) ?? 1;
    if (channels % groups !== 0) {
      throw new LayerMisfit(
        `Group normalisation cannot divide ${channels} channels into ${groups} groups`,
        'Choose a number of groups that divides the channels',
      );
    }
    return input;
  },
  weights: (input, settings) => scaleAndShift(input, settings.affine),
  apply: (tf, x, weights, { groups, epsilon }) => {
    const channels = x.shape.at(-1) ?? 1;
    const batch = x.shape[0] ?? 1;
    const places = x.size / (batch * channels);
    const grouped = tf.reshape(x, [batch, places, groups, channels / groups]);
    return scaledAndShifted(tf, tf.reshape(standardised(tf, grouped, [1, 3], epsilon), x.shape), weights);
  },
});
