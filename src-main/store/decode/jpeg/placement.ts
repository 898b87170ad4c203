import type { PictureFit } from '#shared/contract/types';
import type { Line } from './resample';

/** Where a picture's lines come to lie: their new samples fill the square from `at` on. */
type Placed = Pick<Line, 'whole' | 'first' | 'size'> & { readonly at: number };

export interface Placement {
  readonly across: Placed;
  readonly down: Placed;
}

/** Where sharp's fits in the middle, `cover`, `contain` and `fill`, put a picture in the square of `size`. */
export function placementOf(
  width: number,
  height: number,
  size: number,
  crop: Exclude<PictureFit['crop'], 'attention'>,
): Placement {
  const shrink = (crop === 'letterbox' ? Math.max(width, height) : Math.min(width, height)) / size;
  const placed = (length: number): Placed => {
    const whole = crop === 'stretch' ? size : Math.max(1, Math.round(length / shrink));
    return whole < size
      ? { whole, first: 0, size: whole, at: (size - whole) >> 1 }
      : { whole, first: (whole - size + 1) >> 1, size, at: 0 };
  };
  return { across: placed(width), down: placed(height) };
}
