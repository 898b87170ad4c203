/**
 * The mean of each value and the `window − 1` before it (fewer at the start), so that the last mean is that of the newest values. Values that are not
 * finite are left out; where none is left the mean is NaN.
 */
export function movingMean(values: readonly number[], window: number): number[] {
  let sum = 0;
  let count = 0;
  const add = (value: number | undefined, sign: 1 | -1) => {
    if (value === undefined || !Number.isFinite(value)) return;
    sum += sign * value;
    count += sign;
  };
  return values.map((value, index) => {
    add(value, 1);
    add(values[index - window], -1);
    return count > 0 ? sum / count : Number.NaN;
  });
}
