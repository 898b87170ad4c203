import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fail } from '#shared/contract/errors';
import type { ImportProposal } from '#shared/contract/types';
import { syncFolder, systemCode, writeFileAtomic, writeJson } from '../atomic';
import type { PictureWorkers } from '../decode/picture';
import { openPictureWorkers } from '../decode/pictureWorkers';
import { inOrder } from '../inOrder';
import type { Project } from '../project';
import { exclusively } from './exclusive';
import { FitPlan, type WantedFits } from './fitPlan';
import { Histogram } from './histogram';
import {
  datasetDir,
  manifestFormat,
  manifestPath,
  nextShardNumber,
  readManifest,
  shardName,
  shardPath,
  summaryOf,
  type Manifest,
} from './manifest';
import { columnsOf, digestAt, recordAt, writeRecords, type PictureRecord, type RecordColumns } from './records';
import type { Refitting, RefitResult } from './refitting';
import { reformat } from './reformat';
import { Remaker } from './remake';
import { readPackRecords } from './shardRecords';
import { SourceFiles } from './sourceFiles';
import { removeUnnamed } from './unfinished';

interface RefitOptions extends WantedFits {
  /** Size and channels of all pictures; undefined: as they are now. */
  readonly format?: ImportProposal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes those pictures of a pack anew whose fit is not the one that is wanted, or all of them in another size or with other channels, from their own files, which
 * must still be what was imported. What cannot be read stays as it is and is named; another format is for all or none. Until the last moment the pack is the old
 * one: `job.cancelled`, `disk.full` and a crash leave it. Undefined: there is no pack, or nothing to do.
 */
export function refitPack(
  project: Pick<Project, 'dir'>,
  options: RefitOptions,
  openWorkers: () => PictureWorkers = openPictureWorkers,
): Promise<RefitResult | undefined> {
  return exclusively(project.dir, async () => {
    const manifest = await readManifest(project);
    if (!manifest) return undefined;
    const dir = datasetDir(project);
    const { size, channels } = manifest;
    const { format = { size, channels }, signal } = options;
    const another = format.size !== size || format.channels !== channels;
    const records = await readPackRecords(dir, manifest);
    const plan = new FitPlan(manifest, options);
    const total = records.reduce((sum, shard) => sum + (another ? shard.count : plan.pending(shard).length), 0);
    if (total === 0 && plan.sameCommon) return undefined;
    const workers = openWorkers();
    const files = new SourceFiles(dir, manifest.sources, signal);
    const abort = (): void => void workers.close();
    signal?.addEventListener('abort', abort);
    const checkCancelled = (): void => void (signal?.aborted && fail('job.cancelled'));
    let handled = 0;
    const step = (): void => {
      checkCancelled();
      options.onProgress?.(++handled, total);
    };
    const remaker = new Remaker(files, workers, format);
    const refitting = { dir, manifest, records, plan, remaker, step, checkCancelled };
    try {
      return await (another ? reformat(refitting, format) : refit(refitting));
    } finally {
      signal?.removeEventListener('abort', abort);
      await workers.close();
      await files.close();
    }
  });
}

async function refit(refitting: Refitting): Promise<RefitResult> {
  const { dir, manifest, records, plan, remaker } = refitting;
  let number = nextShardNumber(manifest.shards);
  const written: Manifest['shards'] = [];
  let done = 0;
  try {
    for (const [place, shardRecords] of records.entries()) {
      const shard = manifest.shards[place] as Manifest['shards'][number];
      const made = await refitShard(refitting, shard, shardRecords, shardName(number));
      if (made) number += 1;
      done += made?.done ?? 0;
      written.push(made?.shard ?? shard);
    }
    const updated = await plan.manifestOf(dir, manifest, manifest, written, records);
    refitting.checkCancelled();
    await syncFolder(dir);
    await writeJson(manifestPath(dir), updated, manifestFormat);
    await removeUnnamed(dir, written);
    return { summary: summaryOf(updated), done, missing: remaker.missing };
  } catch (error) {
    // Until the manifest names them, new shards are nobody's.
    await removeUnnamed(dir, manifest.shards).catch(() => undefined);
    throw error;
  }
}

/** Writes a shard anew under another name, if one of its pictures can be made anew. */
async function refitShard(
  { dir, manifest, plan, remaker, step }: Refitting,
  shard: Manifest['shards'][number],
  records: RecordColumns,
  name: string,
): Promise<{ readonly shard: Manifest['shards'][number]; readonly done: number } | undefined> {
  const pending = plan.pending(records);
  if (pending.length === 0) return undefined;
  const { size, channels } = manifest;
  const path = shardPath(dir, shard.name);
  const pixels = await readFile(path).catch((error: unknown) =>
    fail('project.unreadable', { file: path, problem: systemCode(error) ?? 'it cannot be opened' }),
  );
  const changed = new Map<number, PictureRecord>();
  const make = (picture: number) => remaker.make(records, picture, plan.wanted(digestAt(records, picture)));
  for await (const made of inOrder(pending, remaker.parallel, make)) {
    step();
    if (!made) continue;
    pixels.set(made.pixels, made.picture * size * size * channels);
    changed.set(made.picture, made.record);
    plan.done(digestAt(records, made.picture));
  }
  if (changed.size === 0) return undefined;
  const histogram = new Histogram(channels);
  histogram.add(pixels);
  const all = Array.from({ length: records.count }, (_, picture) => changed.get(picture) ?? recordAt(records, picture));
  await writeFileAtomic(shardPath(dir, name), pixels);
  await writeRecords(dir, name, columnsOf(all, histogram.counts()), {});
  const sha256 = createHash('sha256').update(pixels).digest('hex');
  return { shard: { name, count: records.count, sha256 }, done: changed.size };
}
