import type { Scalar } from '@tensorflow/tfjs-core';
import type { Loss } from '../loss';
import { relativeVerdicts } from '../verdicts';

/** Relativistic pairing (Jolicoeur-Martineau 2019, RpGAN with the logistic f; Huang et al. 2024): each fake beside the real in its row. */
export const relativistic: Loss<'relativistic'> = {
  id: 'relativistic',
  discriminator: (tf, real, fake) => tf.mean(tf.softplus(tf.sub(fake, real))) as Scalar,
  generator: (tf, fake, real) => tf.mean(tf.softplus(tf.sub(real, fake))) as Scalar,
  generatorSeesReals: true,
  verdicts: relativeVerdicts,
};
