import { readFile } from 'node:fs/promises';
import { fail } from '#shared/contract/errors';
import { systemCode, writeFileAtomic } from '../atomic';
import { decodeSafetensors, encodeSafetensors, SafetensorsError, type SavedArray } from '../safetensors';
import { recordsPath } from './manifest';
import { RecordTable, widths } from './recordTable';

/** What is kept of a picture beside its pixels. */
export interface PictureRecord {
  /** SHA-256 of the file it came from, 32 bytes; of a later frame, of that and the frame's number. */
  readonly sha256: Uint8Array;
  /** Name it was imported under: the source's own name and the way from there, with forward slashes. */
  readonly name: string;
  /** Place of its source in the manifest's list, −1 when it is not known where it came from. */
  readonly source: number;
  /** Frame of an animation, counted from 0; −1 for a still picture. */
  readonly frame: number;
  /** The file's size, bytes, and time of change, milliseconds since 1970, as they were when it was read. */
  readonly bytes: number;
  readonly modifiedMs: number;
  /** The picture's own size as it is meant to be seen, pixels; 0 when it is not known. */
  readonly width: number;
  readonly height: number;
  /** {@link pictureFlags}, as bits. */
  readonly flags: number;
  /** Hash of what it looks like, 8 bytes: see {@link perceptualHash}. */
  readonly looks: Uint8Array;
  /** Mean and standard deviation of the training picture's luma, 0 … 255. */
  readonly mean: number;
  readonly deviation: number;
}

/**
 * The records of a shard, column by column, kept in `pictures-00001.records`, a safetensors file: 129 bytes a picture beside its name, so that a
 * million pictures take some 180 MB in memory with all their names.
 */
export interface RecordColumns {
  readonly count: number;
  /** `[count, 32]` */
  readonly sha256: Uint8Array;
  /** `[count, 8]` */
  readonly looks: Uint8Array;
  /** `[count, 2]`: width, height. */
  readonly sides: Uint32Array;
  readonly flags: Uint32Array;
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  readonly source: Int32Array;
  readonly frame: Int32Array;
  readonly bytes: Float64Array;
  readonly modifiedMs: Float64Array;
  /** All names in UTF-8, one after another, and where each ends. */
  readonly names: Uint8Array;
  readonly nameEnds: Uint32Array;
  /** How often each value occurs in each channel of the shard's pixels, `[channels, 256]`. */
  readonly histogram: Uint32Array;
}

const FORMAT = '1';
const kinds: Readonly<Record<Exclude<keyof RecordColumns, 'count'>, new (length: number) => SavedArray>> = {
  sha256: Uint8Array,
  looks: Uint8Array,
  sides: Uint32Array,
  flags: Uint32Array,
  mean: Float32Array,
  deviation: Float32Array,
  source: Int32Array,
  frame: Int32Array,
  bytes: Float64Array,
  modifiedMs: Float64Array,
  names: Uint8Array,
  nameEnds: Uint32Array,
  histogram: Uint32Array,
};
type Column = keyof typeof kinds;
const columnNames = Object.keys(kinds) as Column[];

/** Turns records into columns. `histogram`: see {@link RecordColumns}. */
export function columnsOf(records: Iterable<PictureRecord>, histogram: Uint32Array): RecordColumns {
  const table = new RecordTable();
  for (const record of records) table.add(record);
  return table.columns(histogram);
}

/** The record at `index` of a shard or of a whole pack. Its arrays are views. */
export function recordAt(columns: RecordColumns, index: number): PictureRecord {
  const number = (column: ArrayLike<number>, at = index): number => column[at] as number;
  return {
    sha256: columns.sha256.subarray(index * widths.sha256, (index + 1) * widths.sha256),
    name: nameAt(columns, index),
    source: number(columns.source),
    frame: number(columns.frame),
    bytes: number(columns.bytes),
    modifiedMs: number(columns.modifiedMs),
    width: number(columns.sides, 2 * index),
    height: number(columns.sides, 2 * index + 1),
    flags: number(columns.flags),
    looks: columns.looks.subarray(index * widths.looks, (index + 1) * widths.looks),
    mean: number(columns.mean),
    deviation: number(columns.deviation),
  };
}

/** The SHA-256 at `index` of that column. */
export const digestsOf = (sha256: Uint8Array, index: number): Uint8Array =>
  sha256.subarray(index * widths.sha256, (index + 1) * widths.sha256);

/** The same in hexadecimal. */
export const digestAt = ({ sha256 }: Pick<RecordColumns, 'sha256'>, index: number): string =>
  Buffer.from(digestsOf(sha256, index)).toString('hex');

export function nameAt({ names, nameEnds }: Pick<RecordColumns, 'names' | 'nameEnds'>, index: number): string {
  const start = index === 0 ? 0 : (nameEnds[index - 1] as number);
  const bytes = names.subarray(start, nameEnds[index]);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

/** The records of several shards as those of one. */
export function joinColumns(shards: readonly RecordColumns[], channels: number): RecordColumns {
  const joined: Record<string, SavedArray | number> = { count: shards.reduce((sum, { count }) => sum + count, 0) };
  for (const column of columnNames) {
    const whole = new kinds[column](shards.reduce((sum, shard) => sum + shard[column].length, 0));
    let at = 0;
    for (const shard of shards) {
      whole.set(shard[column], at);
      at += shard[column].length;
    }
    joined[column] = whole;
  }
  const columns = joined as unknown as RecordColumns;
  let [picture, offset] = [0, 0];
  for (const { count, names } of shards) {
    for (const end = picture + count; picture < end; picture++) {
      columns.nameEnds[picture] = (columns.nameEnds[picture] as number) + offset;
    }
    offset += names.length;
  }
  const histogram = new Uint32Array(channels * 256);
  // At its largest a pack has more pixels than 32 bits count: the shares still hold.
  for (const shard of shards) {
    shard.histogram.forEach((count, at) => (histogram[at] = Math.min(0xffff_ffff, (histogram[at] as number) + count)));
  }
  return { ...columns, histogram };
}

export async function writeRecords(
  dir: string,
  shard: string,
  columns: RecordColumns,
  notes: Readonly<Record<string, string>>,
): Promise<void> {
  await writeFileAtomic(recordsPath(dir, shard), encodeRecords(columns, notes));
}

/** `notes` go into the file's metadata. */
export function encodeRecords(columns: RecordColumns, notes: Readonly<Record<string, string>>): Uint8Array {
  const tensors = new Map(columnNames.map((name) => [name, shaped(columns, name)]));
  return encodeSafetensors({ tensors, metadata: { format: FORMAT, count: String(columns.count), ...notes } });
}

function shaped(
  columns: RecordColumns,
  name: Column,
): { readonly shape: readonly number[]; readonly data: SavedArray } {
  const data = columns[name];
  const width: number | undefined = (widths as Partial<Record<Column, number>>)[name];
  if (name === 'histogram') return { shape: [data.length / 256, 256], data };
  return { shape: width === undefined || width === 1 ? [data.length] : [columns.count, width], data };
}

/** A shard's records; `project.unreadable` when the file is missing, cut short or does not hold `count` pictures. Undefined: there is no such file. */
export async function readRecords(dir: string, shard: string, count: number): Promise<RecordColumns | undefined> {
  const file = recordsPath(dir, shard);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    return fail('project.unreadable', { file, problem: systemCode(error) ?? 'it cannot be opened' });
  }
  try {
    return decodeRecords(bytes, count).columns;
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    return fail('project.unreadable', { file, problem: error.message });
  }
}

/** The records of `count` pictures, as many as the file says when that is left out, and its metadata; {@link SafetensorsError} for anything else. */
export function decodeRecords(
  bytes: Uint8Array,
  expected?: number,
): { readonly columns: RecordColumns; readonly notes: Readonly<Record<string, string>> } {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata['format'] !== FORMAT) throw new SafetensorsError(`its format is not ${FORMAT}`);
  const count = expected ?? Number(metadata['count']);
  const columns: Record<string, SavedArray | number> = { count };
  for (const name of columnNames) {
    const data = tensors.get(name)?.data;
    if (!(data instanceof kinds[name])) throw new SafetensorsError(`it has no ${name} of the right kind`);
    const width: number | undefined = (widths as Partial<Record<Column, number>>)[name];
    if (width !== undefined && data.length !== count * width) {
      throw new SafetensorsError(`${name} has ${data.length} numbers, not ${count * width}`);
    }
    columns[name] = data;
  }
  const read = columns as unknown as RecordColumns;
  const ends = read.nameEnds;
  const sorted = ends.every((end, index) => end >= (index === 0 ? 0 : (ends[index - 1] as number)));
  if (!sorted || (ends.at(-1) ?? 0) !== read.names.length) throw new SafetensorsError('its names do not add up');
  if (read.histogram.length % 256 !== 0) throw new SafetensorsError('its histogram has a wrong size');
  return { columns: read, notes: metadata };
}
