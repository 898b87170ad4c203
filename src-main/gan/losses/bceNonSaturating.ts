import { crossEntropy } from '../crossEntropy';
import type { Loss } from '../loss';
import { probabilities } from '../verdicts';

/** The first GAN's loss with the non-saturating generator, `−log D(G(z))` (Goodfellow et al. 2014, section 3). */
export const bceNonSaturating: Loss<'bceNonSaturating'> = {
  id: 'bceNonSaturating',
  discriminator: crossEntropy,
  generator: (tf, fake) => tf.mean(tf.softplus(tf.neg(fake))),
  generatorSeesReals: false,
  verdicts: probabilities,
};
