import type { Scalar } from '@tensorflow/tfjs-core';
import type { Loss } from '../loss';
import { relativeVerdicts } from '../verdicts';

/** Wasserstein distance by a critic whose weights are clipped (Arjovsky et al. 2017, algorithm 1), or held by a penalty when `clip` is 0. */
export const wasserstein: Loss<'wasserstein'> = {
  id: 'wasserstein',
  discriminator: (tf, real, fake) => tf.sub(tf.mean(fake), tf.mean(real)) as Scalar,
  generator: (tf, fake) => tf.neg(tf.mean(fake)),
  generatorSeesReals: false,
  verdicts: relativeVerdicts,
  constrain: (tf, weights, { clip }) => (clip === 0 ? weights : tf.clipByValue(weights, -clip, clip)),
};
