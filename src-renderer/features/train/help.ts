/** What the instruments show, in two or three plain sentences each. */
export const help = {
  balance:
    'Training is a game of two: the discriminator D learns to tell real pictures from generated ones, the generator G learns to fool it. G learns only from D’s doubts, so a D that is always sure teaches as little as one that is always fooled. The mark shows D(x) − D(G(z)) over the last 100 steps.',
  losses:
    'Lines mark both losses where D can only guess. Falling losses do not mean better pictures: look at the samples. (Thick: mean of the last reports; thin: each report.)',
  probabilities:
    'D(x) is the probability that the discriminator gives to real pictures being real, D(G(z)) the one it gives to generated pictures. A good discriminator has D(x) near 1 and D(G(z)) near 0. When it can no longer tell them apart, both are ½.',
  speed: 'Real pictures a second that the networks learn from. Each step also generates and judges as many.',
  checkpoint: 'The state of both networks on disk. After a stop or a crash training goes on from exactly there.',
} as const;
