/** Distances from the median, in robust standard deviations, from which on a picture is an outlier. */
const FAR = 4.5;
/** Median absolute deviation of a normal distribution in standard deviations. */
const NORMAL_MAD = 0.6745;
/** Of fewer pictures nobody can say what is usual. */
const FEWEST = 20;

/**
 * Pictures that are far from the others in any of the measures (Iglewicz and Hoaglin 1993, the modified z-score: as it is made from medians, outliers do not
 * hide one another). NaN stands for what is not known.
 */
export function outliersOf(measures: readonly ArrayLike<number>[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const measure of measures) {
    const known = Array.from(measure).filter((value) => !Number.isNaN(value));
    if (known.length < FEWEST) continue;
    const middle = median(known);
    const spread = median(known.map((value) => Math.abs(value - middle))) / NORMAL_MAD;
    if (spread === 0) continue;
    for (let picture = 0; picture < measure.length; picture++) {
      if (Math.abs((measure[picture] as number) - middle) / spread > FAR) found.add(picture);
    }
  }
  return found;
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] as number;
}
