/** Rules of number entry, shared by NumberField and Slider: pure, so that they are tested without a screen. */

export interface NumberRange {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Bounds that may not be reached themselves. */
  readonly minExclusive?: boolean | undefined;
  readonly maxExclusive?: boolean | undefined;
  readonly integer?: boolean | undefined;
}

/** A typed number: the value, or a sentence that says what is wrong. Takes `12 480`, `0,5`, `1e-4` and `−3`. */
export function parseNumber(
  text: string,
  range: NumberRange,
): { readonly value: number } | { readonly problem: string } {
  const cleaned = text
    .replace(/[\s\u202f]/g, '')
    .replace('−', '-')
    .replace(',', '.');
  const value = cleaned === '' ? Number.NaN : Number(cleaned);
  if (!Number.isFinite(value)) return { problem: 'Type a number' };
  const problem = rangeProblem(value, range);
  return problem === undefined ? { value } : { problem };
}

/** What is wrong with a number in a range, or undefined. */
export function rangeProblem(value: number, range: NumberRange): string | undefined {
  const { min, max, minExclusive, maxExclusive, integer } = range;
  if (integer && !Number.isInteger(value)) return 'Type a whole number';
  if (min !== undefined && (minExclusive ? value <= min : value < min)) {
    return `Must be ${minExclusive ? 'more than' : 'at least'} ${min}`;
  }
  if (max !== undefined && (maxExclusive ? value >= max : value > max)) {
    return `Must be ${maxExclusive ? 'less than' : 'at most'} ${max}`;
  }
  return undefined;
}

/** The number one key press away: by `step`, rounded to it, never out of range. */
export function stepped(value: number, by: number, range: NumberRange): number {
  const next = Number((value + by).toPrecision(12));
  return rangeProblem(next, range) === undefined ? next : value;
}

/** A step that suits a value's size: 1 for whole numbers, else a tenth of its decade. */
export function suitableStep(value: number, integer: boolean): number {
  if (integer) return 1;
  return value === 0 ? 0.01 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
}

/** Place 0 … 1 of a value on a logarithmic scale, and back. */
export const logScale = {
  place: (value: number, min: number, max: number) =>
    Math.log(Math.min(max, Math.max(value, min)) / min) / Math.log(max / min),
  /** Rounded to two significant digits, so that a slider gives numbers that one would type. */
  value: (place: number, min: number, max: number) => Number((min * (max / min) ** place).toPrecision(2)),
};
