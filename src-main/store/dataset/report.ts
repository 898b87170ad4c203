import { pictureFlagNames, pictureFlags } from '#shared/contract/pictureFlags';
import { aspectBounds, sideBounds } from '#shared/dataset/filter';
import type { Manifest } from './manifest';
import type { RecordColumns } from './records';

/** Bounds of the ranges in `DatasetReport`, each from its bound up to the next; 0 for sizes that are not known. */
const SIDES = [0, ...sideBounds];
const ASPECTS = aspectBounds;
const RANGES = 32;

/** Sums up the records of a pack, shard by shard. */
export class Reporter {
  readonly #flags = new Uint32Array(32);
  readonly #sides = SIDES.map(() => 0);
  readonly #aspects = ASPECTS.map(() => 0);
  /** `[channels, 256]`; a large pack has more pixels than 32 bits count. */
  readonly #histogram: Float64Array;

  constructor(channels: number) {
    this.#histogram = new Float64Array(channels * 256);
  }

  add({ count, flags, sides, histogram }: RecordColumns): void {
    for (let index = 0; index < count; index++) {
      for (let bit = 0, rest = flags[index] as number; rest; bit++, rest >>>= 1)
        if (rest & 1) increase(this.#flags, bit);
      const [width, height] = [sides[2 * index] as number, sides[2 * index + 1] as number];
      increase(this.#sides, rangeOf(SIDES, Math.min(width, height)));
      if (height > 0) increase(this.#aspects, rangeOf(ASPECTS, width / height));
    }
    histogram.forEach((pixels, place) => increase(this.#histogram, place, pixels));
  }

  report(): Manifest['report'] {
    const flags = pictureFlagNames.map((flag) => [flag, this.#flags[pictureFlags[flag].bit] as number] as const);
    return {
      flags: Object.fromEntries(flags.filter(([, count]) => count > 0)),
      sides: present(SIDES, this.#sides),
      aspects: present(ASPECTS, this.#aspects),
      channels: channelsOf(this.#histogram),
    };
  }
}

const rangeOf = (bounds: readonly number[], value: number) => bounds.findLastIndex((bound) => value >= bound);

function increase(counts: { [place: number]: number }, place: number, by = 1): void {
  counts[place] = (counts[place] as number) + by;
}

const present = (bounds: readonly number[], counts: readonly number[]) =>
  bounds.map((bound, range) => [bound, counts[range] as number] as [number, number]).filter(([, count]) => count > 0);

/** `histogram`: `[channels, 256]`. */
function channelsOf(histogram: Float64Array): Manifest['report']['channels'] {
  return Array.from({ length: histogram.length / 256 }, (_, channel) => {
    const counts = histogram.subarray(channel * 256, (channel + 1) * 256);
    let [total, sum, squares] = [0, 0, 0];
    counts.forEach((count, value) => {
      total += count;
      sum += count * value;
      squares += count * value * value;
    });
    const mean = sum / (total || 1);
    const ranges = new Array<number>(RANGES).fill(0);
    counts.forEach((count, value) => {
      const range = (value * RANGES) >> 8;
      increase(ranges, range, count / (total || 1));
    });
    return { mean, deviation: Math.sqrt(Math.max(0, squares / (total || 1) - mean * mean)), histogram: ranges };
  });
}
