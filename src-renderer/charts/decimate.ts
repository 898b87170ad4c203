/**
 * Which points of a line chart are worth drawing at a width in pixels: of each pixel column the first, the last, the lowest and the highest of every
 * series (M4: Jugel, Jerzak, Hackenbroich and Markl 2014), so the drawn line looks like the whole one, spikes included.
 *
 * All series share the answer, so a row of the chart still has one x. Values that are not finite are never a minimum or maximum.
 *
 * @param x ascending positions
 * @param series values at those positions, each as long as `x`
 * @param columns width of the plot in pixels
 * @returns ascending indices into `x`
 */
export function visibleIndices(
  x: readonly number[],
  series: readonly (readonly number[])[],
  columns: number,
): number[] {
  const pointsPerColumn = 2 + 2 * series.length;
  if (x.length <= columns * pointsPerColumn || columns < 1) return x.map((_, index) => index);
  const first = x[0] as number;
  const span = (x[x.length - 1] as number) - first;
  const columnOf = (index: number) =>
    Math.min(columns - 1, Math.floor((((x[index] as number) - first) / span) * columns));
  const kept: number[] = [];
  let start = 0;
  while (start < x.length) {
    let end = start + 1;
    while (end < x.length && columnOf(end) === columnOf(start)) end++;
    const ofColumn = new Set([start, end - 1]);
    for (const values of series) {
      const extremes = extremesBetween(values, start, end);
      if (extremes) ofColumn.add(extremes.lowest).add(extremes.highest);
    }
    kept.push(...[...ofColumn].sort((a, b) => a - b));
    start = end;
  }
  return kept;
}

function extremesBetween(values: readonly number[], start: number, end: number) {
  let lowest: number | undefined;
  let highest: number | undefined;
  for (let index = start; index < end; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    if (lowest === undefined || value < (values[lowest] as number)) lowest = index;
    if (highest === undefined || value > (values[highest] as number)) highest = index;
  }
  return lowest === undefined || highest === undefined ? undefined : { lowest, highest };
}
