import { createHash } from 'node:crypto';
import type { DuplicateFile } from '#shared/contract/types';
import { DigestMap } from './digestMap';
import type { ManifestSource } from './manifest';
import { digestAt, digestsOf, nameAt, type PictureRecord, type RecordColumns } from './records';

/** What tells a file that was not changed without reading it. */
export interface FileStamp {
  readonly source: ManifestSource | undefined;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

interface KnownShard extends Pick<RecordColumns, 'sha256' | 'names' | 'nameEnds'> {
  /** Number of its first picture. */
  readonly first: number;
}

/**
 * Which pictures a pack has: by the content of their files, and by place, name, size and time of change, so that files which an import met before need not be read
 * again. Some 120 bytes a picture and its name.
 */
export class KnownPictures {
  readonly #contents = new DigestMap();
  /** Of the files that shards came from. */
  readonly #sizes = new Set<number>();
  readonly #stamps = new DigestMap();
  /** First frames of animations, and the numbers in them of later ones: there are few. */
  readonly #animations = new Set<number>();
  readonly #later = new Map<number, number>();
  /** What files the pictures came from, shard by shard. */
  readonly #shards: KnownShard[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The pictures of a shard, which follow those that are known. */
  addShard(records: RecordColumns, sources: readonly ManifestSource[]): void {
    const { count, sha256, source, bytes, modifiedMs, frame, names, nameEnds } = records;
    // Copies: views would keep all of the records.
    this.#shards.push({ first: this.#count, sha256: sha256.slice(), names: names.slice(), nameEnds: nameEnds.slice() });
    for (let index = 0; index < count; index++) {
      const number = this.add({ sha256: digestsOf(sha256, index), frame: frame[index] as number });
      this.#sizes.add(bytes[index] as number);
      const from = sources[source[index] as number];
      // Later frames have names of their own, under which there is no file.
      if (!from || this.#later.has(number)) continue;
      const stamp = { source: from, name: nameAt(records, index), bytes: bytes[index], modifiedMs: modifiedMs[index] };
      this.#stamps.add(digestOfStamp(stamp as FileStamp), number);
    }
  }

  /** One more picture; its number in the pack. */
  add({ sha256, frame }: Pick<PictureRecord, 'sha256' | 'frame'>): number {
    this.#contents.add(sha256, this.#count);
    if (frame === 0) this.#animations.add(this.#count);
    if (frame > 0) this.#later.set(this.#count, frame);
    return this.#count++;
  }

  /** The picture and the frames of the same file that follow it. */
  *framesOf(picture: number): Generator<number> {
    yield picture;
    for (let next = picture + 1; this.#later.has(next); next++) yield next;
  }

  /** Whether there is an animation among the pictures from one on. */
  animatedFrom(picture: number): boolean {
    return [...this.#animations].some((first) => first >= picture);
  }

  /** Frames from one that was taken of an animation to the next, 0: there is the first alone; undefined for the picture of another file. */
  stepOf(picture: number): number | undefined {
    return this.#animations.has(picture) ? (this.#later.get(picture + 1) ?? 0) : undefined;
  }

  /** What file a picture of a shard came from; undefined for pictures that were added one by one. */
  originOf(picture: number): DuplicateFile['picture'] | undefined {
    const shard = this.#shards.findLast(({ first }) => picture >= first);
    const index = picture - (shard?.first ?? 0);
    if (!shard || index >= shard.nameEnds.length) return undefined;
    return { id: digestAt(shard, index), name: nameAt(shard, index) };
  }

  /** The number of the picture with this content. */
  byContent(sha256: Uint8Array): number | undefined {
    return this.#contents.get(sha256);
  }

  /** Whether a file of that size may be one that a shard's picture came from; packs of the first format do not tell. */
  mayHave(bytes: number): boolean {
    return this.#sizes.has(bytes) || this.#sizes.has(0);
  }

  /** The number of the picture that came from this very file. */
  byStamp(stamp: FileStamp): number | undefined {
    return stamp.source && this.#stamps.get(digestOfStamp(stamp));
  }
}

function digestOfStamp({ source, name, bytes, modifiedMs }: FileStamp): Uint8Array {
  return createHash('sha256')
    .update(JSON.stringify([source?.path, name, bytes, modifiedMs]))
    .digest();
}
