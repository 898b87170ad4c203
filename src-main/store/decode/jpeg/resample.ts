/** Which samples of a line make each of the new ones, as the kernel takes them: four at once. */
export interface Weights {
  /** The first of them, for each new sample, and zeros up to a multiple of four. */
  readonly from: Int32Array;
  /** How many they are, a multiple of four. */
  readonly taps: number;
  /** `[from.length, taps]` */
  readonly weights: Float32Array;
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
const AT_ONCE = 4;

/** The next multiple of what is computed at once. */
export const whole4 = (count: number): number => AT_ONCE * Math.ceil(count / AT_ONCE);

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
  const taps = whole4(Math.max(...under));
  if (taps > length) return undefined;
  const from = new Int32Array(whole4(size));
  const weights = new Float32Array(from.length * taps);
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
  return { from, taps, weights };
}
