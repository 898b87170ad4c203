/** A label needs so much of its axis to stand clear of its neighbour. */
const LABEL_PART = 0.18;

/**
 * chart.js ends an axis that fits its data with a tick at the very last value, whatever is beside it. Of a step axis that value is the one of
 * interest: its neighbour goes where the two would overlap.
 */
export function clearOfLast(ticks: readonly number[]): readonly number[] {
  const [first = 0] = ticks;
  const last = ticks.at(-1) ?? 0;
  return ticks.filter((tick) => tick === last || tick === first || last - tick >= (last - first) * LABEL_PART);
}

/** Of a value axis the last value is only where the highest line happened to end: without it the ticks are even. */
export function evenOnly(ticks: readonly number[]): readonly number[] {
  if (ticks.length < 3) return ticks;
  const [first = 0, second = 0] = ticks;
  const step = second - first;
  // Steps like 0.1 are not exact in binary.
  return ticks.filter((tick) => Math.abs((tick - first) / step - Math.round((tick - first) / step)) < 1e-6);
}
