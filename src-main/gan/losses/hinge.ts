import type { Scalar } from '@tensorflow/tfjs-core';
import type { Loss } from '../loss';
import { probabilities } from '../verdicts';

/** Hinge (Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17). Its verdicts are squashed scores: D is not trained to make them probabilities. */
export const hinge: Loss<'hinge'> = {
  id: 'hinge',
  discriminator: (tf, real, fake) =>
    tf.add(tf.mean(tf.relu(tf.sub(1, real))), tf.mean(tf.relu(tf.add(fake, 1)))) as Scalar,
  generator: (tf, fake) => tf.neg(tf.mean(fake)),
  generatorSeesReals: false,
  verdicts: probabilities,
};
