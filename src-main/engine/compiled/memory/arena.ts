/** A piece of a region; free ones wait in the arena's list. */
interface Chunk {
  readonly region: Region;
  offset: number;
  bytes: number;
  free: boolean;
}

interface Region {
  readonly bytes: number;
  /** By offset. */
  readonly chunks: Chunk[];
  /** What was ever handed out, as [from, to) without overlaps, by place: only that takes memory of the machine. */
  touched: (readonly [number, number])[];
}

export type Allocation = Chunk;

const ALIGNMENT = 256;
const FIRST_REGION = 2 ** 20;
const LARGEST_REGION = 2 ** 30;
/** A chunk is cut when at least so much, or as much again, would be left over. */
const MOST_WASTE = 2 ** 27;

/**
 * ONNX Runtime's CPU allocator, without the memory (onnxruntime/core/framework/bfc_arena.cc: best fit with coalescing, regions that double). What it is
 * asked for decides which bytes are ever touched, which is what a process is seen to hold.
 */
export class Arena {
  readonly #regions: Region[] = [];
  #nextRegion = FIRST_REGION;

  allocate(bytes: number): Allocation {
    const wanted = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const chunk = this.#bestFit(wanted) ?? this.#extend(wanted);
    if (chunk.bytes >= 2 * wanted || chunk.bytes - wanted >= MOST_WASTE) {
      const rest: Chunk = {
        region: chunk.region,
        offset: chunk.offset + wanted,
        bytes: chunk.bytes - wanted,
        free: true,
      };
      chunk.bytes = wanted;
      const { chunks } = chunk.region;
      chunks.splice(chunks.indexOf(chunk) + 1, 0, rest);
    }
    chunk.free = false;
    chunk.region.touched = withInterval(chunk.region.touched, [
      chunk.offset,
      chunk.offset + Math.min(bytes, chunk.bytes),
    ]);
    return chunk;
  }

  free(chunk: Allocation): void {
    const { chunks } = chunk.region;
    const at = chunks.indexOf(chunk);
    const [before, behind] = [chunks[at - 1], chunks[at + 1]];
    chunk.free = true;
    if (behind?.free) {
      chunk.bytes += behind.bytes;
      chunks.splice(at + 1, 1);
    }
    if (before?.free) {
      before.bytes += chunk.bytes;
      chunks.splice(at, 1);
    }
  }

  /** Bytes that were handed out at one time or another. */
  get touched(): number {
    return this.#regions.flatMap(({ touched }) => touched).reduce((sum, [from, to]) => sum + to - from, 0);
  }

  /** The smallest free chunk that is large enough; of equal ones the first. */
  #bestFit(wanted: number): Chunk | undefined {
    let best: Chunk | undefined;
    for (const { chunks } of this.#regions)
      for (const chunk of chunks) {
        if (chunk.free && chunk.bytes >= wanted && (!best || chunk.bytes < best.bytes)) best = chunk;
      }
    return best;
  }

  #extend(wanted: number): Chunk {
    let grown = false;
    while (wanted > this.#nextRegion) {
      this.#nextRegion *= 2;
      grown = true;
    }
    const region: Region = { bytes: this.#nextRegion, chunks: [], touched: [] };
    const chunk: Chunk = { region, offset: 0, bytes: region.bytes, free: true };
    region.chunks.push(chunk);
    this.#regions.push(region);
    if (!grown) this.#nextRegion = Math.min(2 * this.#nextRegion, LARGEST_REGION);
    return chunk;
  }
}

function withInterval(
  intervals: readonly (readonly [number, number])[],
  [from, to]: readonly [number, number],
): (readonly [number, number])[] {
  const apart = intervals.filter(([start, end]) => end < from || start > to);
  const joined = intervals.filter(([start, end]) => end >= from && start <= to);
  return [...apart, [Math.min(from, ...joined.map(([start]) => start)), Math.max(to, ...joined.map(([, end]) => end))]];
}
