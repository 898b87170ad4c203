import { createHash, type Hash } from 'node:crypto';
import { open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { fail } from '#shared/contract/errors';
import type { ImportProposal } from '#shared/contract/types';
import { failDisk, makeSubfolder, syncFolder, systemCode } from '../atomic';
import { Histogram } from './histogram';
import { nextShardNumber, shardName, shardPath, type Manifest } from './manifest';
import { recordAt, writeRecords, type PictureRecord, type RecordColumns } from './records';
import { RecordTable } from './recordTable';
import { readShardRecords } from './shardRecords';
import { beginUnfinished, readUnfinished, removeUnnamed, writePart, type Beginning, type Part } from './unfinished';

/** Size of a full shard; the writer's memory is bounded by {@link CHUNK_BYTES}, not by it. */
const SHARD_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 4 * 1024 * 1024;
/** What was decoded in this time is what a killed import has to decode again at most. */
const FLUSH_EVERY_MS = 2000;

type Shard = Manifest['shards'][number];

/** A picture to be packed: `[size, size, channels]`, and what is kept beside it. */
export interface PackedPicture {
  readonly pixels: Uint8Array;
  readonly record: PictureRecord;
}

const pictureBytes = ({ size, channels }: ImportProposal): number => size * size * channels;

/**
 * Writes new shards beside a pack's old ones. Nothing refers to them until a manifest does, so a crash at any moment leaves the old pack; the same import
 * goes on where it was. Whoever opened the writer ends it with `finish`, `leave` or `discard`.
 */
export class PackWriter {
  readonly #dir: string;
  readonly #format: ImportProposal;
  readonly #shards: Shard[];
  readonly #perShard: number;
  #number: number;
  #file: FileHandle | undefined;
  readonly #records = new RecordTable();
  readonly #histogram: Histogram;
  #hash: Hash = createHash('sha256');
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;
  #flushedAt = performance.now();

  /**
   * Goes on after `shards`, and after what an import with the same identity wrote before it was cut off. A last shard that is less than half full is copied
   * into the first new one: however many small imports follow each other, the number of shards stays small.
   */
  static async open(
    dir: string,
    shards: readonly Shard[],
    format: ImportProposal,
    beginning: Beginning,
  ): Promise<PackWriter> {
    await makeSubfolder(dir);
    const writer = new PackWriter(dir, shards, format);
    const last = shards.at(-1);
    const absorbed = last && last.count < writer.#perShard / 2 ? last : undefined;
    const { identity } = beginning;
    const { whole, part } = await readUnfinished(dir, shards, identity, pictureBytes(format), writer.#perShard);
    if (whole.length + (part?.columns.count ?? 0) > 0 && isWholly(absorbed, whole, part)) {
      await writer.#goOn(absorbed !== undefined, whole, part);
      return writer;
    }
    try {
      await removeUnnamed(dir, shards);
      await beginUnfinished(dir, beginning);
      if (absorbed) await writer.#absorb(absorbed);
      return writer;
    } catch (error) {
      await writer.discard(shards);
      throw error;
    }
  }

  /** Begins a pack anew beside `shards`, which stay until a manifest no longer names them; nothing of it is gone on with after a crash. */
  static async anew(dir: string, shards: readonly Shard[], format: ImportProposal): Promise<PackWriter> {
    await removeUnnamed(dir, shards);
    return new PackWriter(dir, [], format, nextShardNumber(shards));
  }

  private constructor(
    dir: string,
    shards: readonly Shard[],
    format: ImportProposal,
    number: number = nextShardNumber(shards),
  ) {
    this.#dir = dir;
    this.#format = format;
    this.#histogram = new Histogram(format.channels);
    this.#shards = [...shards];
    this.#perShard = Math.floor(SHARD_BYTES / pictureBytes(format));
    this.#number = number;
  }

  /** The records of all pictures so far, old and new, shard by shard. */
  async *present(): AsyncGenerator<RecordColumns> {
    for (const shard of this.#shards) yield await readShardRecords(this.#dir, shard, this.#format);
    if (this.#records.count > 0) yield this.#columns();
  }

  /** Adds the pictures of one file at the end. They are never parted: a killed import finds all of a file's frames, or none. */
  async add(pictures: readonly PackedPicture[]): Promise<void> {
    for (const { pixels, record } of pictures) {
      this.#chunks.push(pixels);
      this.#chunkBytes += pixels.length;
      this.#records.add(record);
      this.#histogram.add(pixels);
    }
    if (this.#records.count >= this.#perShard) return this.#endShard();
    if (this.#chunkBytes < CHUNK_BYTES && performance.now() - this.#flushedAt < FLUSH_EVERY_MS) return;
    await this.#flush();
    await writePart(this.#dir, this.#name, this.#columns(), this.#hash.copy().digest('hex'));
  }

  /** Makes everything durable; the shards that a new manifest names, old and new. */
  async finish(): Promise<readonly Shard[]> {
    await this.#endShard();
    await syncFolder(this.#dir);
    return this.#shards;
  }

  /** Leaves what was written: the same import goes on with it. Never fails: its caller has an error to tell. */
  async leave(): Promise<void> {
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
  }

  /** Gives up: removes what was written, where that can be done; the next import clears away what stays. Never fails: its caller has an error to tell. */
  async discard(shards: readonly Shard[]): Promise<void> {
    await this.leave();
    await removeUnnamed(this.#dir, shards).catch(() => undefined);
  }

  get #name(): string {
    return shardName(this.#number);
  }

  #columns(): RecordColumns {
    return this.#records.columns(this.#histogram.counts());
  }

  /** Takes over what a killed import wrote. */
  async #goOn(absorbed: boolean, whole: readonly Shard[], part: Part | undefined): Promise<void> {
    if (absorbed) this.#shards.pop();
    this.#shards.push(...whole);
    this.#number += whole.length;
    if (!part) return;
    const path = shardPath(this.#dir, this.#name);
    await truncate(path, part.pixels.length);
    this.#file = await open(path, 'a');
    for (let index = 0; index < part.columns.count; index++) this.#records.add(recordAt(part.columns, index));
    this.#histogram.add(part.pixels);
    this.#hash.update(part.pixels);
  }

  async #absorb(shard: Shard): Promise<void> {
    const bytes = pictureBytes(this.#format);
    const records = await readShardRecords(this.#dir, shard, this.#format);
    const path = shardPath(this.#dir, shard.name);
    const pixels = await readFile(path).catch((error: unknown) =>
      fail('project.unreadable', { file: path, problem: systemCode(error) ?? 'it cannot be opened' }),
    );
    const damaged = shard.sha256 !== undefined && createHash('sha256').update(pixels).digest('hex') !== shard.sha256;
    if (damaged || pixels.length !== shard.count * bytes) {
      return fail('project.unreadable', { file: path, problem: 'it does not hold what the manifest says' });
    }
    this.#shards.pop();
    for (let index = 0; index < shard.count; index++) {
      const picture = pixels.subarray(index * bytes, (index + 1) * bytes);
      await this.add([{ pixels: picture, record: recordAt(records, index) }]);
    }
  }

  async #flush(): Promise<void> {
    const path = shardPath(this.#dir, this.#name);
    try {
      this.#file ??= await open(path, 'wx');
      await this.#file.appendFile(Buffer.concat(this.#chunks));
    } catch (error) {
      failDisk(error, path);
    }
    for (const chunk of this.#chunks) this.#hash.update(chunk);
    this.#chunks = [];
    this.#chunkBytes = 0;
    this.#flushedAt = performance.now();
  }

  async #endShard(): Promise<void> {
    if (this.#records.count === 0) return;
    await this.#flush();
    const path = shardPath(this.#dir, this.#name);
    try {
      await this.#file?.sync();
    } catch (error) {
      failDisk(error, path);
    } finally {
      await this.#file?.close();
      this.#file = undefined;
    }
    const sha256 = this.#hash.digest('hex');
    await writeRecords(this.#dir, this.#name, this.#columns(), { sha256 });
    this.#shards.push({ name: this.#name, count: this.#records.count, sha256 });
    this.#records.clear();
    this.#histogram.clear();
    this.#hash = createHash('sha256');
    this.#number += 1;
  }
}

/** Whether what was written holds all of the shard that is to be absorbed: pictures of the old pack come before those of the import. */
const isWholly = (absorbed: Shard | undefined, whole: readonly Shard[], part: Part | undefined): boolean =>
  !absorbed || whole.length > 0 || (part?.columns.count ?? 0) >= absorbed.count;
