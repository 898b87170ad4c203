import { closeSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureBatch } from '#shared/contract/types';
import { failDisk, systemCode } from '../atomic';
import type { Project } from '../project';
import { readLabels } from './labels';
import { datasetDir, pictureCount, readManifest, shardPath } from './manifest';
import type { Pack } from './types';

/** Byte → −1 … 1. */
const TO_UNIT = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);

interface OpenShard {
  readonly path: string;
  readonly descriptor: number;
  /** The pack's number of its first picture. */
  readonly first: number;
  readonly count: number;
}

/**
 * Opens a project's pack: `dataset.empty` when there is none, `project.unreadable` when a shard is missing or cut short. The pack stays readable
 * while an import adds to it or it is cleared, as it was when it was opened. One of more than `inMemoryBytes` is read from its shards, picture by picture.
 */
export async function openPack(
  project: Pick<Project, 'dir'>,
  inMemoryBytes: number = limits.packInMemoryBytes,
): Promise<Pack> {
  const manifest = await readManifest(project);
  if (!manifest || manifest.shards.length === 0) return fail('dataset.empty');
  const { size, channels, hash } = manifest;
  const pictureBytes = size * size * channels;
  const labels = await readLabels(datasetDir(project), manifest);
  const shards: OpenShard[] = [];
  try {
    let first = 0;
    for (const { name, count } of manifest.shards) {
      shards.push(await openShard(shardPath(datasetDir(project), name), first, count, pictureBytes));
      first += count;
    }
  } catch (error) {
    for (const { descriptor } of shards) closeSync(descriptor);
    throw error;
  }
  const reader = new PackReader(shards, pictureBytes, pictureCount(manifest), inMemoryBytes);
  return {
    count: reader.count,
    size,
    channels,
    hash,
    classes: manifest.classes.map(({ name }) => name),
    labels,
    readInto: (target, indices) => reader.readInto(target, indices),
    pictures: async (from, wanted) => {
      const count = Math.max(0, Math.min(wanted, reader.count - from));
      return reader.pictures(
        Array.from({ length: count }, (_, index) => from + index),
        size,
        channels,
      );
    },
    picturesAt: async (indices) =>
      reader.pictures(
        indices.filter((picture) => picture < reader.count),
        size,
        channels,
      ),
    close: () => Promise.resolve(reader.close()),
  };
}

async function openShard(path: string, first: number, count: number, pictureBytes: number): Promise<OpenShard> {
  const bytes = await stat(path).then(
    (stats) => stats.size,
    (error: unknown) => fail('project.unreadable', { file: path, problem: systemCode(error) ?? 'it cannot be opened' }),
  );
  if (bytes !== count * pictureBytes) {
    return fail('project.unreadable', { file: path, problem: `it has ${bytes} bytes, not ${count * pictureBytes}` });
  }
  return { path, descriptor: openSync(path, 'r'), first, count };
}

/** Reads single pictures: from memory once training has begun and the pack is small enough, else from the shards. */
class PackReader {
  readonly count: number;
  readonly #shards: readonly OpenShard[];
  readonly #pictureBytes: number;
  readonly #picture: Uint8Array;
  readonly #inMemoryBytes: number;
  #memory: Uint8Array | undefined;

  constructor(shards: readonly OpenShard[], pictureBytes: number, count: number, inMemoryBytes: number) {
    this.count = count;
    this.#shards = shards;
    this.#pictureBytes = pictureBytes;
    this.#picture = new Uint8Array(pictureBytes);
    this.#inMemoryBytes = inMemoryBytes;
  }

  readInto(target: Float32Array, indices: Uint32Array): void {
    const bytes = this.#pictureBytes;
    if (target.length !== indices.length * bytes) {
      throw new RangeError(`${target.length} numbers do not hold ${indices.length} pictures of ${bytes}`);
    }
    this.#memory ??= this.#load();
    for (let place = 0; place < indices.length; place++) {
      const picture = indices[place] as number;
      if (picture >= this.count) throw new RangeError(`there is no picture ${picture}`);
      if (!this.#memory) this.#read(picture, this.#picture);
      const from = this.#memory ? picture * bytes : 0;
      toUnits(this.#memory ?? this.#picture, from, bytes, target, place * bytes);
    }
  }

  pictures(indices: readonly number[], size: number, channels: 1 | 3): PictureBatch {
    const bytes = this.#pictureBytes;
    const pixels = new Uint8Array(indices.length * bytes);
    indices.forEach((picture, place) => this.#read(picture, pixels.subarray(place * bytes, (place + 1) * bytes)));
    return { count: indices.length, width: size, height: size, channels, pixels };
  }

  /** One picture's bytes into `target`. */
  #read(picture: number, target: Uint8Array): void {
    const shard = this.#shards.findLast(({ first }) => first <= picture);
    if (!shard || picture >= this.count) throw new RangeError(`there is no picture ${picture}`);
    readFully(shard, target, (picture - shard.first) * this.#pictureBytes);
  }

  close(): void {
    for (const { descriptor } of this.#shards) closeSync(descriptor);
    this.#memory = undefined;
  }

  #load(): Uint8Array | undefined {
    const total = this.count * this.#pictureBytes;
    if (total > this.#inMemoryBytes) return undefined;
    const memory = new Uint8Array(total);
    for (const shard of this.#shards) {
      const start = shard.first * this.#pictureBytes;
      readFully(shard, memory.subarray(start, start + shard.count * this.#pictureBytes), 0);
    }
    return memory;
  }
}

/** Bytes as −1 … 1. A loop of its own: within a closure it takes several times as long. */
function toUnits(source: Uint8Array, from: number, count: number, target: Float32Array, to: number): void {
  const table = TO_UNIT;
  for (let index = 0; index < count; index++) target[to + index] = table[source[from + index] as number] as number;
}

function readFully({ descriptor, path }: OpenShard, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length;) {
    let bytesRead = 0;
    try {
      bytesRead = readSync(descriptor, target, done, target.length - done, position + done);
    } catch (error) {
      failDisk(error, path);
    }
    if (bytesRead === 0) fail('project.unreadable', { file: path, problem: 'it ends too early' });
    done += bytesRead;
  }
}
