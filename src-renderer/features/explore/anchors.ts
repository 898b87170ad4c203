import type { LatentAnchor } from '#shared/math/latent';

/** Seeds, or pictures of the project: what a wall shows, and what a walk goes between. */
export type AnchorKind = 'seed' | 'picture';

export const kindOf = (anchor: LatentAnchor): AnchorKind => (typeof anchor === 'number' ? 'seed' : 'picture');

/** The seed, or the picture's number. */
export const numberOf = (anchor: LatentAnchor): number => (typeof anchor === 'number' ? anchor : anchor.picture);

export const anchorOf = (kind: AnchorKind, number: number): LatentAnchor =>
  kind === 'seed' ? number : { picture: number };

export const sameAnchor = (a: LatentAnchor | undefined, b: LatentAnchor): boolean =>
  a !== undefined && kindOf(a) === kindOf(b) && numberOf(a) === numberOf(b);

/** “seed 3”, “picture 12”: people count pictures from 0 as the command line does. */
export const anchorWords = (anchor: LatentAnchor): string => `${kindOf(anchor)} ${numberOf(anchor)}`;
