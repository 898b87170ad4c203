import type { Interpolation, LatentAnchor, LatentPoint } from './latent';

export interface LatentWalk {
  readonly from: LatentAnchor;
  readonly to: LatentAnchor;
  /** Places on the way there, both ends included. */
  readonly frames: number;
  readonly mode: Interpolation;
  /** Walks back again, without standing twice at either end. */
  readonly loop: boolean;
  /** Classes at both ends, for a generator with classes; else they follow the seeds. */
  readonly classes?: { readonly from: number; readonly to: number } | undefined;
}

/** The points of a walk from one seed to another: the frames of an animation, the stops of a strip. */
export function latentWalk({ from, to, frames, mode, loop, classes }: LatentWalk): readonly LatentPoint[] {
  const there = Array.from({ length: frames }, (_, index): LatentPoint => {
    const t = frames > 1 ? index / (frames - 1) : 0;
    return { kind: 'between', from, to, t, mode, ...(classes && { classes: { ...classes, t } }) };
  });
  return loop ? [...there, ...there.slice(1, -1).reverse()] : there;
}
