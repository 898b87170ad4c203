import type { PictureRecord, RecordColumns } from './records';

/** Elements of each column for one picture; `names` and `histogram` have lengths of their own. */
export const widths = {
  sha256: 32,
  looks: 8,
  sides: 2,
  flags: 1,
  mean: 1,
  deviation: 1,
  source: 1,
  frame: 1,
  bytes: 1,
  modifiedMs: 1,
  nameEnds: 1,
} as const satisfies Partial<Record<keyof RecordColumns, number>>;

const FIRST_CAPACITY = 256;
const FIRST_NAME_BYTES = 32 * FIRST_CAPACITY;
const encoder = new TextEncoder();
/** UTF-8 takes at most so many bytes for one unit of a string. */
const UTF8_MOST = 3;

/**
 * Records that are added one by one, held column by column in arrays that double when they are full: some 150 bytes a picture with its name, where objects take
 * 1 000. A million pictures are packed with it, so none of its records is kept as an object.
 */
export class RecordTable {
  #columns = columnsFor(FIRST_CAPACITY);
  #names = new Uint8Array(FIRST_NAME_BYTES);
  #nameBytes = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(record: PictureRecord): void {
    this.#makeRoom(record.name);
    const columns = this.#columns;
    const at = this.#count++;
    columns.sha256.set(record.sha256, at * widths.sha256);
    columns.looks.set(record.looks, at * widths.looks);
    columns.sides.set([record.width, record.height], at * widths.sides);
    columns.flags[at] = record.flags;
    columns.mean[at] = record.mean;
    columns.deviation[at] = record.deviation;
    columns.source[at] = record.source;
    columns.frame[at] = record.frame;
    columns.bytes[at] = record.bytes;
    columns.modifiedMs[at] = record.modifiedMs;
    this.#nameBytes += encoder.encodeInto(record.name, this.#names.subarray(this.#nameBytes)).written;
    columns.nameEnds[at] = this.#nameBytes;
  }

  /** Its columns, as views that hold until more is added or it is cleared. `histogram`: see {@link RecordColumns}. */
  columns(histogram: Uint32Array): RecordColumns {
    const count = this.#count;
    const { sha256, looks, sides, flags, mean, deviation, source, frame, bytes, modifiedMs, nameEnds } = this.#columns;
    return {
      count,
      sha256: sha256.subarray(0, count * widths.sha256),
      looks: looks.subarray(0, count * widths.looks),
      sides: sides.subarray(0, count * widths.sides),
      flags: flags.subarray(0, count),
      mean: mean.subarray(0, count),
      deviation: deviation.subarray(0, count),
      source: source.subarray(0, count),
      frame: frame.subarray(0, count),
      bytes: bytes.subarray(0, count),
      modifiedMs: modifiedMs.subarray(0, count),
      names: this.#names.subarray(0, this.#nameBytes),
      nameEnds: nameEnds.subarray(0, count),
      histogram,
    };
  }

  /** Empties it; its arrays stay, for the next shard. */
  clear(): void {
    this.#count = 0;
    this.#nameBytes = 0;
  }

  #makeRoom(name: string): void {
    const capacity = this.#columns.flags.length;
    if (this.#count === capacity) {
      const doubled = columnsFor(2 * capacity);
      for (const key of Object.keys(doubled) as (keyof Columns)[]) doubled[key].set(this.#columns[key]);
      this.#columns = doubled;
    }
    const needed = this.#nameBytes + UTF8_MOST * name.length;
    if (needed > this.#names.length) {
      const names = new Uint8Array(Math.max(needed, 2 * this.#names.length));
      names.set(this.#names);
      this.#names = names;
    }
  }
}

type Columns = ReturnType<typeof columnsFor>;

function columnsFor(capacity: number) {
  return {
    sha256: new Uint8Array(capacity * widths.sha256),
    looks: new Uint8Array(capacity * widths.looks),
    sides: new Uint32Array(capacity * widths.sides),
    flags: new Uint32Array(capacity),
    mean: new Float32Array(capacity),
    deviation: new Float32Array(capacity),
    source: new Int32Array(capacity),
    frame: new Int32Array(capacity),
    bytes: new Float64Array(capacity),
    modifiedMs: new Float64Array(capacity),
    nameEnds: new Uint32Array(capacity),
  };
}
