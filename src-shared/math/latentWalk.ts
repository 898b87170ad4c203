import type { Interpolation, LatentAnchor, LatentPoint } from './latent';

export interface LatentWalk {
  readonly from: LatentAnchor;
  readonly to: LatentAnchor;
  /** Places on the way there, both ends included. */
  readonly frames: number;
  readonly mode: Interpolation;
  /** Walks back again, without standing twice at either end. */
  readonly loop: boolean;
}

/** The points of a walk from one seed to another: the frames of an animation, the stops of a strip. */
export function latentWalk({ from, to, frames, mode, loop }: LatentWalk): readonly LatentPoint[] {
  const there = Array.from({ length: frames }, (_, index): LatentPoint => {
    return { kind: 'between', from, to, t: frames > 1 ? index / (frames - 1) : 0, mode };
  });
  return loop ? [...there, ...there.slice(1, -1).reverse()] : there;
}
