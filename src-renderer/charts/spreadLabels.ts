/**
 * Moves labels apart so that none covers another and all stay between `top` and `bottom`; their order from top to bottom stays.
 *
 * @param wanted where each label would stand by itself, pixels from the top
 * @param height of a label, pixels
 * @returns where each stands, in the order given
 */
export function spreadLabels(wanted: readonly number[], height: number, top: number, bottom: number): number[] {
  const fromTop = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let free = top;
  for (const label of fromTop) {
    label.y = Math.max(free, label.y);
    free = label.y + height;
  }
  free = bottom;
  for (const label of fromTop.toReversed()) {
    label.y = Math.min(free, label.y);
    free = label.y - height;
  }
  return fromTop.toSorted((a, b) => a.index - b.index).map(({ y }) => y);
}
