/** Space between the pictures of a strip, CSS pixels. */
export const STRIP_GAP = 4;
const FEWEST = 3;
const MOST = 21;

/** Pictures of `side` pixels that stand beside each other in `width` CSS pixels at their true size, within reason. */
export function stripCount(width: number, side: number): number {
  return Math.max(FEWEST, Math.min(MOST, Math.floor((width + STRIP_GAP) / (side + STRIP_GAP))));
}
