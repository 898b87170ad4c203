/** Fewest and most pictures along a side of the pad: fewer show no course, more are too small to see. */
const FEWEST = 4;
const MOST = 8;

/** Pictures along a side of the pad that fill its place best at a whole scale; of equal ones the most. `room` and `side` are device pixels. */
export function padPlan(room: number, side: number): { readonly side: number; readonly scale: number } {
  let best = { side: FEWEST, scale: Math.max(1, Math.floor(room / (FEWEST * side))) };
  for (let count = FEWEST + 1; count <= MOST; count++) {
    const scale = Math.floor(room / (count * side));
    if (scale >= 1 && count * scale >= best.side * best.scale) best = { side: count, scale };
  }
  return best;
}
