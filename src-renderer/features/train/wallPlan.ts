export interface WallPlan {
  /** Pictures shown; the rest of the sheet does not fit at a whole scale. */
  readonly count: number;
  readonly columns: number;
  /** Device pixels a picture pixel. */
  readonly scale: number;
}

/** Fewer samples than this do not show whether the generator repeats itself. */
const FEWEST = 16;

/**
 * How many samples to show, and how large, so that they fill their place best: of all whole scales the one whose pictures cover most, as long as at
 * least sixteen are seen. Lengths are device pixels.
 */
export function planWall(
  { count, side }: { readonly count: number; readonly side: number },
  { width, height, gap }: { readonly width: number; readonly height: number; readonly gap: number },
): WallPlan {
  const atScale = (scale: number): WallPlan => {
    const columns = Math.max(1, Math.floor((width + gap) / (side * scale + gap)));
    const rows = Math.max(1, Math.floor((height + gap) / (side * scale + gap)));
    return { count: Math.min(count, columns * rows), columns: Math.min(columns, count), scale };
  };
  let best = atScale(1);
  for (let scale = 2; side * scale <= Math.min(width, height); scale++) {
    const plan = atScale(scale);
    if (plan.count < Math.min(FEWEST, count)) break;
    if (plan.count * plan.scale ** 2 > best.count * best.scale ** 2) best = plan;
  }
  return best;
}
