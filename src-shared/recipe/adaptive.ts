import type { AugmentationSettings } from './augmentation';

/** How augmentation that adapts itself stands (ADA, Karras et al. 2020). With the settings and the verdicts to come it determines what follows. */
export interface AdaptiveState {
  /** With which each change is made to each picture, 0 … 1. */
  readonly probability: number;
  /** Mean signs of D's verdicts on reals, added up since the last adjustment. */
  readonly signs: number;
  /** Steps added up. */
  readonly steps: number;
}

/** Steps between two adjustments: the paper's. */
const INTERVAL = 4;

export const adaptiveStart: AdaptiveState = { probability: 0, signs: 0, steps: 0 };

/** The state after a step of `images` real pictures whose verdicts had this mean sign: every fourth step the probability goes up or down by a small part. */
export function adapted(
  state: AdaptiveState,
  { adaptiveTarget, adaptivePictures }: AugmentationSettings,
  sign: number,
  images: number,
): AdaptiveState {
  const signs = state.signs + sign;
  const steps = state.steps + 1;
  if (steps < INTERVAL) return { ...state, signs, steps };
  const change = (Math.sign(signs / steps - adaptiveTarget) * steps * images) / adaptivePictures;
  return { probability: Math.min(1, Math.max(0, state.probability + change)), signs: 0, steps: 0 };
}
