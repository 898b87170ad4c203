import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fail } from '#shared/contract/errors';
import type { DatasetSummary, PictureFit } from '#shared/contract/types';
import { fitKey } from '#shared/dataset/fit';
import { syncFolder, systemCode, writeFileAtomic, writeJson } from '../atomic';
import type { PictureWorkers } from '../decode/picture';
import { openPictureWorkers } from '../decode/pictureWorkers';
import { inOrder } from '../inOrder';
import type { Project } from '../project';
import { exclusively } from './exclusive';
import { Histogram } from './histogram';
import { readLabels } from './labels';
import {
  datasetDir,
  fitOf as fitInManifest,
  manifestFormat,
  manifestPath,
  nextShardNumber,
  readManifest,
  shardName,
  shardPath,
  summaryOf,
  type Manifest,
} from './manifest';
import { contentOf } from './content';
import { notedIn } from './noted';
import { columnsOf, digestAt, nameAt, recordAt, writeRecords, type PictureRecord, type RecordColumns } from './records';
import { readPackRecords } from './shardRecords';
import { readSourceFile, type SourceFile } from './sourceFiles';
import { removeUnnamed } from './unfinished';

interface RefitOptions {
  /** How a picture is to become a square, by its content; undefined: as all others. */
  readonly fitOf: (id: string) => PictureFit | undefined;
  /** How all others are; undefined: as they are now. */
  readonly common: PictureFit | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A picture that could not be made anew, because its file cannot be read. */
export interface NotRefitted {
  readonly id: string;
  readonly name: string;
  readonly problem: Extract<SourceFile, { ok: false }>['problem'] | 'refused';
}

export interface RefitResult {
  readonly summary: DatasetSummary;
  /** Pictures that were made anew. */
  readonly done: number;
  readonly missing: readonly NotRefitted[];
}

/**
 * Makes those pictures of a pack anew whose fit is not the one that is wanted, from their own files, which must still be what was imported. What cannot be
 * read stays as it is and is named. Until the last moment the pack is the old one: `job.cancelled`, `disk.full` and a crash leave it. Undefined: there is no
 * pack, or nothing to do.
 */
export function refitPack(
  project: Pick<Project, 'dir'>,
  options: RefitOptions,
  openWorkers: () => PictureWorkers = openPictureWorkers,
): Promise<RefitResult | undefined> {
  return exclusively(project.dir, async () => {
    const manifest = await readManifest(project);
    if (!manifest) return undefined;
    const shards = await readPackRecords(datasetDir(project), manifest);
    const refit = new Refit(project, manifest, options);
    const total = shards.reduce((sum, records) => sum + refit.toDo(records).length, 0);
    const common = fitKey(options.common ?? fitInManifest(manifest.fit)) === fitKey(fitInManifest(manifest.fit));
    if (total === 0 && common) return undefined;
    const workers = openWorkers();
    const abort = (): void => void workers.close();
    options.signal?.addEventListener('abort', abort);
    try {
      return await refit.run(shards, workers, total);
    } finally {
      options.signal?.removeEventListener('abort', abort);
      await workers.close();
    }
  });
}

class Refit {
  readonly #dir: string;
  readonly #manifest: Manifest;
  readonly #options: RefitOptions;
  readonly #before: PictureFit;
  readonly #common: PictureFit;
  /** How pictures are, those that are not as all others were. */
  readonly #own: Map<string, PictureFit>;
  readonly #missing: NotRefitted[] = [];
  #done = 0;
  #handled = 0;

  constructor(project: Pick<Project, 'dir'>, manifest: Manifest, options: RefitOptions) {
    this.#dir = datasetDir(project);
    this.#manifest = manifest;
    this.#options = options;
    this.#before = fitInManifest(manifest.fit);
    this.#common = options.common ?? this.#before;
    this.#own = new Map(manifest.fits.map(([id, fit]) => [id, fitInManifest(fit)]));
  }

  /** Places in a shard of the pictures whose fit is another one than is wanted. */
  toDo(records: RecordColumns): readonly number[] {
    return Array.from({ length: records.count }, (_, picture) => picture).filter((picture) => {
      const id = digestAt(records, picture);
      return fitKey(this.#own.get(id) ?? this.#before) !== fitKey(this.#wanted(id));
    });
  }

  async run(shards: readonly RecordColumns[], workers: PictureWorkers, total: number): Promise<RefitResult> {
    const { shards: named } = this.#manifest;
    let number = nextShardNumber(named);
    const written: Manifest['shards'] = [];
    try {
      for (const [place, records] of shards.entries()) {
        const shard = named[place] as Manifest['shards'][number];
        const made = await this.#shard(shard, records, shardName(number), workers, total);
        if (made) number += 1;
        written.push(made ?? shard);
      }
      const updated = await this.#manifestOf(written, shards);
      this.#checkCancelled();
      await syncFolder(this.#dir);
      await writeJson(manifestPath(this.#dir), updated, manifestFormat);
      await removeUnnamed(this.#dir, written);
      return { summary: summaryOf(updated), done: this.#done, missing: this.#missing };
    } catch (error) {
      // Until the manifest names them, new shards are nobody's.
      await removeUnnamed(this.#dir, named).catch(() => undefined);
      throw error;
    }
  }

  /** Writes a shard anew under another name, if one of its pictures can be made anew. */
  async #shard(
    shard: Manifest['shards'][number],
    records: RecordColumns,
    name: string,
    workers: PictureWorkers,
    total: number,
  ): Promise<Manifest['shards'][number] | undefined> {
    const todo = this.toDo(records);
    if (todo.length === 0) return undefined;
    const { size, channels } = this.#manifest;
    const each = size * size * channels;
    const path = shardPath(this.#dir, shard.name);
    const pixels = await readFile(path).catch((error: unknown) =>
      fail('project.unreadable', { file: path, problem: systemCode(error) ?? 'it cannot be opened' }),
    );
    const changed = new Map<number, PictureRecord>();
    for await (const made of inOrder(todo, workers.parallel, (picture) => this.#make(records, picture, workers))) {
      this.#checkCancelled();
      this.#options.onProgress?.(++this.#handled, total);
      if (!made) continue;
      pixels.set(made.pixels, made.picture * each);
      changed.set(made.picture, made.record);
    }
    if (changed.size === 0) return undefined;
    this.#done += changed.size;
    const histogram = new Histogram(channels);
    histogram.add(pixels);
    const all = Array.from(
      { length: records.count },
      (_, picture) => changed.get(picture) ?? recordAt(records, picture),
    );
    await writeFileAtomic(shardPath(this.#dir, name), pixels);
    await writeRecords(this.#dir, name, columnsOf(all, histogram.counts()), {});
    return { name, count: records.count, sha256: createHash('sha256').update(pixels).digest('hex') };
  }

  /** A picture made anew; undefined, and on the list, when its file cannot be used. */
  async #make(records: RecordColumns, picture: number, workers: PictureWorkers) {
    const { size, channels, sources } = this.#manifest;
    const id = digestAt(records, picture);
    const before = recordAt(records, picture);
    const file = await readSourceFile(this.#dir, sources, records, picture);
    const wanted = this.#wanted(id);
    const outcome = file.ok
      ? await workers.decode(file.bytes, { size, channels, ...wanted, frame: Math.max(0, before.frame) })
      : undefined;
    if (!outcome?.ok) {
      this.#missing.push({ id, name: nameAt(records, picture), problem: file.ok ? 'refused' : file.problem });
      return undefined;
    }
    this.#own.set(id, wanted);
    const { pixels, mean, deviation, looks } = outcome;
    const flags = notedIn(outcome, before.name, { size, channels }, before.frame >= 0);
    return { picture, pixels, record: { ...before, mean, deviation, looks, flags } };
  }

  async #manifestOf(shards: Manifest['shards'], records: readonly RecordColumns[]): Promise<Manifest> {
    const { size, channels, classes, sources } = this.#manifest;
    const fits: [string, PictureFit][] = [];
    for (const shard of records) {
      for (let picture = 0; picture < shard.count; picture++) {
        const id = digestAt(shard, picture);
        const fit = this.#own.get(id) ?? this.#before;
        if (fitKey(fit) !== fitKey(this.#common)) fits.push([id, fit]);
      }
    }
    const labels = await readLabels(this.#dir, this.#manifest);
    const classOf = (picture: number) => classes[labels[picture] ?? -1]?.name;
    const plan = { size, channels, fit: this.#common, sources };
    // What the last import mended is not told again.
    const { hash, report } = await contentOf(this.#dir, plan, fits, shards, labels.length, classOf);
    return { ...this.#manifest, fit: this.#common, fits, shards, hash, report };
  }

  #wanted(id: string): PictureFit {
    return this.#options.fitOf(id) ?? this.#common;
  }

  #checkCancelled(): void {
    if (this.#options.signal?.aborted) fail('job.cancelled');
  }
}
