/** What the instruments show, in two or three plain sentences each. */
export const help = {
  balance:
    'Training is a game of two: the discriminator D learns to tell real pictures from generated ones, the generator G learns to fool it. G learns only from D’s doubts, so a D that is always sure teaches as little as one that is always fooled. The mark shows D(x) − D(G(z)) over the last 100 steps.',
  losses:
    'Lines mark both losses where D can only guess. Falling losses do not mean better pictures: look at the samples. (Thick: mean of the last reports; thin: each report.)',
  probabilities:
    'D(x) is the probability that the discriminator gives to real pictures being real, D(G(z)) the one it gives to generated pictures. A good discriminator has D(x) near 1 and D(G(z)) near 0. When it can no longer tell them apart, both are ½.',
  elbo: 'The evidence lower bound: how probable the model finds the pictures, at least. It is minus the reconstruction term minus the KL divergence, whatever β weighs, and should rise. Compare it between runs of the same reconstruction setting only.',
  reconstruction:
    'Mean squared difference between pictures and what the generator draws from their codes, of pixels in −1 … 1. It falls as reconstructions get sharper: 0.05 still looks soft, 0.01 close.',
  kl: 'KL: how many nats each picture’s code tells beyond plain random numbers. Near 0, the generator ignores the code (posterior collapse): lower β, or let it warm up. Active: latent numbers that tell pictures apart; the others are noise.',
  speed: 'Real pictures a second that the networks learn from. Each step also generates and judges as many.',
  checkpoint: 'The state of both networks on disk. After a stop or a crash training goes on from exactly there.',
  tuned:
    'Before the first step it was tried which ways of computing are fastest here. The same seed gives the same run in this project; for one that can be repeated in any other, start a new run with “Tune for this machine” off.',
  augmented:
    'Adaptive augmentation: how many of the pictures that the discriminator sees are changed, in each of the recipe’s ways. It rises while the discriminator begins to know the real pictures by heart, and falls when it does not.',
} as const;
