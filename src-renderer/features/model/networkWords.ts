import type { NetworkName } from '#shared/recipe/model';

interface NetworkWords {
  readonly title: string;
  /** On badges. */
  readonly letter: string;
  /** What it does with a latent space of so many numbers. */
  readonly does: (latent: string) => string;
  /** What goes in and what comes out: name and detail. `sizes` are the numbers of each, in words. */
  readonly input: (latent: string) => readonly [name: string, detail: string];
  readonly output: (sizes: string) => readonly [name: string, detail: string];
}

/** How the networks are called on screen. */
export const networkWords: Readonly<Record<NetworkName, NetworkWords>> = {
  generator: {
    title: 'Generator',
    letter: 'G',
    does: (latent) => `${latent} random numbers become a picture`,
    input: (distribution) => ['z', distribution],
    output: (sizes) => ['picture', sizes],
  },
  discriminator: {
    title: 'Discriminator',
    letter: 'D',
    does: () => 'a picture becomes one number: real or generated',
    input: () => ['picture', 'real or generated'],
    output: (sizes) => ['verdict', sizes],
  },
  encoder: {
    title: 'Encoder',
    letter: 'E',
    does: (latent) => `a picture becomes ${latent} means and as many log-variances`,
    input: () => ['picture', 'real'],
    output: () => ['code', 'μ, log σ²'],
  },
};
