import { open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '#shared/contract/errors';
import { failDisk, makeSubfolder, readJson, syncFolder, systemCode, TEMPORARY, writeJson } from '../atomic';
import { originsFormat, originsPath, shardPath, type Manifest, type Origin } from './manifest';

/** Size of a full shard; the writer's memory is bounded by {@link CHUNK_BYTES}, not by it. */
const SHARD_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 4 * 1024 * 1024;

type Shard = Manifest['shards'][number];

/**
 * Writes new shards beside a pack's old ones. Nothing refers to them until a manifest does, so a crash at any moment leaves the old pack;
 * whoever opened the writer ends it with `finish` or `discard`.
 */
export class PackWriter {
  readonly #dir: string;
  readonly #shards: Shard[];
  readonly #perShard: number;
  #number: number;
  #file: FileHandle | undefined;
  #origins: Origin[] = [];
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;

  /**
   * Goes on after `shards`. A last shard that is less than half full is copied into the first new one: however many small imports
   * follow each other, the number of shards stays small.
   */
  static async open(dir: string, shards: readonly Shard[], pictureBytes: number): Promise<PackWriter> {
    await makeSubfolder(dir);
    await removeUnnamed(dir, shards);
    const writer = new PackWriter(dir, shards, pictureBytes);
    const last = shards.at(-1);
    if (last && last.count < writer.#perShard / 2) {
      await writer.#absorb(last, pictureBytes).catch(async (error: unknown) => {
        await writer.discard(shards);
        throw error;
      });
    }
    return writer;
  }

  private constructor(dir: string, shards: readonly Shard[], pictureBytes: number) {
    this.#dir = dir;
    this.#shards = [...shards];
    this.#perShard = Math.floor(SHARD_BYTES / pictureBytes);
    this.#number = Number(shards.at(-1)?.name.slice('pictures-'.length) ?? 0) + 1;
  }

  /** Adds a picture's bytes at the end. */
  async add(pixels: Uint8Array, origin: Origin): Promise<void> {
    this.#chunks.push(pixels);
    this.#chunkBytes += pixels.length;
    this.#origins.push(origin);
    if (this.#chunkBytes >= CHUNK_BYTES) await this.#flush();
    if (this.#origins.length >= this.#perShard) await this.#endShard();
  }

  /** Makes everything durable; the shards that a new manifest names, old and new. */
  async finish(): Promise<readonly Shard[]> {
    await this.#endShard();
    await syncFolder(this.#dir);
    return this.#shards;
  }

  /** Gives up: removes what was written, where that can be done; the next import clears away what stays. Never fails: its caller has an error to tell. */
  async discard(shards: readonly Shard[]): Promise<void> {
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
    await removeUnnamed(this.#dir, shards).catch(() => undefined);
  }

  get #name(): string {
    return `pictures-${String(this.#number).padStart(5, '0')}`;
  }

  async #absorb(shard: Shard, pictureBytes: number): Promise<void> {
    const { pictures } = await readJson(originsPath(this.#dir, shard.name), originsFormat);
    const path = shardPath(this.#dir, shard.name);
    const pixels = await readFile(path).catch((error: unknown) =>
      fail('project.unreadable', { file: path, problem: systemCode(error) ?? 'it cannot be opened' }),
    );
    if (pixels.length !== shard.count * pictureBytes || pictures.length !== shard.count) {
      return fail('project.unreadable', { file: path, problem: 'it does not hold what the manifest says' });
    }
    this.#shards.pop();
    for (const [index, origin] of pictures.entries()) {
      await this.add(pixels.subarray(index * pictureBytes, (index + 1) * pictureBytes), origin);
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
    this.#chunks = [];
    this.#chunkBytes = 0;
  }

  async #endShard(): Promise<void> {
    if (this.#origins.length === 0) return;
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
    await writeJson(originsPath(this.#dir, this.#name), { version: 1, pictures: this.#origins }, originsFormat);
    this.#shards.push({ name: this.#name, count: this.#origins.length });
    this.#origins = [];
    this.#number += 1;
  }
}

/** Removes the files of a pack's folder that no manifest names: what an import left that was killed or given up, and shards that were absorbed. */
export async function removeUnnamed(dir: string, shards: readonly Shard[]): Promise<void> {
  const named = new Set(shards.flatMap(({ name }) => [shardPath(dir, name), originsPath(dir, name)]));
  try {
    for (const entry of await readdir(dir)) {
      const path = join(dir, entry);
      const ours = entry.startsWith('pictures-') || entry.endsWith(TEMPORARY);
      if (ours && !named.has(path)) await rm(path, { force: true });
    }
  } catch (error) {
    failDisk(error, dir);
  }
}
