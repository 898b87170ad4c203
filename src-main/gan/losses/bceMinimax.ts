import { crossEntropy } from '../crossEntropy';
import type { Loss } from '../loss';
import { probabilities } from '../verdicts';

/** The first GAN's minimax value, of which G minimises its half, `log(1 − D(G(z)))` (Goodfellow et al. 2014, equation 1). */
export const bceMinimax: Loss<'bceMinimax'> = {
  id: 'bceMinimax',
  discriminator: crossEntropy,
  generator: (tf, fake) => tf.neg(tf.mean(tf.softplus(fake))),
  generatorSeesReals: false,
  verdicts: probabilities,
};
