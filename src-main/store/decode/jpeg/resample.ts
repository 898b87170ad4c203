/** Which samples of a line make each of the new ones. */
export interface Weights {
  /** The first of them, for each new sample. */
  readonly from: Int32Array;
  /** How many they are: {@link FIRST_AT_ONCE} and a multiple of {@link AT_ONCE}. */
  readonly taps: number;
  /** `[new samples, taps]` */
  readonly weights: Float64Array;
  /** The new samples that stand for two of the old ones each, away from the ends: none, or from the first to before the last. */
  readonly halved: readonly [from: number, to: number];
}

/** A line of `length` samples, of which `extent` are the picture's (the last one perhaps in part). It is brought to `whole` new ones, of which `size` from `first` on are wanted. */
export interface Line {
  readonly length: number;
  readonly extent: number;
  readonly whole: number;
  readonly first: number;
  readonly size: number;
}

const LOBES = 3;
/** Taps that are summed up at once: first so many, and then so many. */
const FIRST_AT_ONCE = 12;
const AT_ONCE = 4;

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

/** Lanczos' kernel with three lobes, made as wide as the new samples are; beyond its ends a line goes on as it ends. Undefined for a line that is shorter than that. */
export function weightsFor({ length, extent, whole, first, size }: Line): Weights | undefined {
  const ratio = extent / whole;
  const width = Math.max(1, ratio);
  const reach = LOBES * width;
  const middles = Float64Array.from({ length: size }, (_, index) => (index + first + 0.5) * ratio - 0.5);
  const under = middles.map((middle) => Math.floor(middle + reach) - Math.ceil(middle - reach) + 1);
  const taps = Math.max(FIRST_AT_ONCE, AT_ONCE * Math.ceil(Math.max(...under) / AT_ONCE));
  if (taps > length) return undefined;
  const from = new Int32Array(size);
  const weights = new Float64Array(size * taps);
  for (let index = 0; index < size; index++) {
    const middle = middles[index] as number;
    const [begin, end] = [Math.ceil(middle - reach), Math.floor(middle + reach)];
    const start = Math.max(0, Math.min(length - taps, begin));
    from[index] = start;
    let sum = 0;
    for (let at = begin; at <= end; at++) sum += lanczos((at - middle) / width);
    for (let at = begin; at <= end; at++) {
      const place = index * taps + Math.max(0, Math.min(length - 1, at)) - start;
      weights[place] = (weights[place] as number) + lanczos((at - middle) / width) / sum;
    }
  }
  return { from, taps, weights, halved: taps === FIRST_AT_ONCE ? halvedIn(from, weights) : [0, 0] };
}

/** The run of new samples around the middle that have all the same weights, the same from both sides, two samples further for each. */
function halvedIn(from: Int32Array, weights: Float64Array): Weights['halved'] {
  const middle = from.length >> 1;
  const row = (index: number) => weights.subarray(index * FIRST_AT_ONCE, (index + 1) * FIRST_AT_ONCE);
  const usual = row(middle);
  if (usual.some((weight, tap) => weight !== usual.at(-1 - tap))) return [0, 0];
  const isUsual = (index: number): boolean =>
    from[index] === (from[middle] as number) + 2 * (index - middle) &&
    row(index).every((weight, tap) => weight === usual[tap]);
  let [first, end] = [middle, middle];
  while (first > 0 && isUsual(first - 1)) first -= 1;
  while (end < from.length && isUsual(end)) end += 1;
  return [first, end];
}

/** Lines that stand side by side, `[length, stride]`, the first `columns` of which are wanted; of each, so many samples are missing at its beginning. */
export interface Lines {
  readonly samples: Float32Array;
  readonly stride: number;
  readonly columns: number;
  readonly missing: number;
}

/** Brings lines to new samples and lays them down, to `[columns, new samples]`: done twice, it brings a picture to another size. */
export function resample(lines: Lines, weights: Weights, made: Float32Array): void {
  const [from, to] = weights.halved;
  if (from < to) halve(lines, weights, made);
  for (let index = 0; index < weights.from.length; index++) {
    if (index >= from && index < to) continue;
    setTwelve(lines, weights, index, made);
    for (let tap = FIRST_AT_ONCE; tap < weights.taps; tap += AT_ONCE) addFour(lines, weights, index, tap, made);
  }
}

/** The first taps of a new sample, in all lines. Written out: a loop over them takes twice the time. */
function setTwelve(
  { samples, stride, columns, missing }: Lines,
  { from, taps, weights }: Weights,
  index: number,
  made: Float32Array,
): void {
  const size = from.length;
  const first = index * taps;
  const a = weights[first] as number;
  const b = weights[first + 1] as number;
  const c = weights[first + 2] as number;
  const d = weights[first + 3] as number;
  const e = weights[first + 4] as number;
  const f = weights[first + 5] as number;
  const g = weights[first + 6] as number;
  const h = weights[first + 7] as number;
  const i = weights[first + 8] as number;
  const j = weights[first + 9] as number;
  const k = weights[first + 10] as number;
  const l = weights[first + 11] as number;
  const start = ((from[index] as number) - missing) * stride;
  for (let column = 0, at = start, to = index; column < columns; column++, at++, to += size) {
    made[to] =
      a * (samples[at] as number) +
      b * (samples[at + stride] as number) +
      c * (samples[at + 2 * stride] as number) +
      d * (samples[at + 3 * stride] as number) +
      e * (samples[at + 4 * stride] as number) +
      f * (samples[at + 5 * stride] as number) +
      g * (samples[at + 6 * stride] as number) +
      h * (samples[at + 7 * stride] as number) +
      i * (samples[at + 8 * stride] as number) +
      j * (samples[at + 9 * stride] as number) +
      k * (samples[at + 10 * stride] as number) +
      l * (samples[at + 11 * stride] as number);
  }
}

/**
 * The new samples that stand for two old ones each: most folders hold squares of a power of two, and bringing those to another is half of what is done here. Of
 * the twelve samples under the kernel ten are those of the new sample before.
 */
function halve(
  { samples, stride, columns, missing }: Lines,
  { from, taps, weights, halved: [first, end] }: Weights,
  made: Float32Array,
): void {
  const usual = first * taps;
  const a = weights[usual] as number;
  const b = weights[usual + 1] as number;
  const c = weights[usual + 2] as number;
  const d = weights[usual + 3] as number;
  const e = weights[usual + 4] as number;
  const f = weights[usual + 5] as number;
  const start = ((from[first] as number) - missing) * stride;
  for (let column = 0; column < columns; column++) {
    let at = start + column;
    let s0 = samples[at] as number;
    let s1 = samples[at + stride] as number;
    let s2 = samples[at + 2 * stride] as number;
    let s3 = samples[at + 3 * stride] as number;
    let s4 = samples[at + 4 * stride] as number;
    let s5 = samples[at + 5 * stride] as number;
    let s6 = samples[at + 6 * stride] as number;
    let s7 = samples[at + 7 * stride] as number;
    let s8 = samples[at + 8 * stride] as number;
    let s9 = samples[at + 9 * stride] as number;
    at += 10 * stride;
    const last = column * from.length + end;
    for (let to = column * from.length + first; to < last; to++, at += 2 * stride) {
      const s10 = samples[at] as number;
      const s11 = samples[at + stride] as number;
      made[to] = a * (s0 + s11) + b * (s1 + s10) + c * (s2 + s9) + d * (s3 + s8) + e * (s4 + s7) + f * (s5 + s6);
      s0 = s2;
      s1 = s3;
      s2 = s4;
      s3 = s5;
      s4 = s6;
      s5 = s7;
      s6 = s8;
      s7 = s9;
      s8 = s10;
      s9 = s11;
    }
  }
}

function addFour(
  { samples, stride, columns, missing }: Lines,
  { from, taps, weights }: Weights,
  index: number,
  tap: number,
  made: Float32Array,
): void {
  const size = from.length;
  const first = index * taps + tap;
  const a = weights[first] as number;
  const b = weights[first + 1] as number;
  const c = weights[first + 2] as number;
  const d = weights[first + 3] as number;
  const start = ((from[index] as number) - missing + tap) * stride;
  for (let column = 0, at = start, to = index; column < columns; column++, at++, to += size) {
    made[to] =
      (made[to] as number) +
      a * (samples[at] as number) +
      b * (samples[at + stride] as number) +
      c * (samples[at + 2 * stride] as number) +
      d * (samples[at + 3 * stride] as number);
  }
}
