import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { writeJson } from '../atomic';
import { inOrder } from '../inOrder';
import type { Project } from '../project';
import { adoptSources, removeOrphans } from './adopt';
import { exclusively } from './exclusive';
import { datasetDir, manifestFormat, manifestPath, readManifest } from './manifest';
import { readPictureFile } from '../decode/pictureFile';
import { columnsOf, recordAt, writeRecords, type PictureRecord, type RecordColumns } from './records';
import { joinSources, withinPack } from './plan';
import { readPackRecords } from './shardRecords';
import { isOfFile } from './sourceFiles';
import type { PictureSource } from './types';
import { removeUnpacked } from './unfinished';
import type { FoundFile, FoundFiles } from './fileList';
import { findFiles } from './walk';

/** Files read at once. */
const PARALLEL = 4;

interface RelinkOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks for the files of a pack's pictures in other places, by their content, and notes where they are now. The pictures themselves stay as they are. How many were
 * found. Fails as an import does for sources that are missing.
 */
export function relinkPictures(
  project: Pick<Project, 'dir'>,
  sources: readonly PictureSource[],
  { onProgress, signal }: RelinkOptions = {},
): Promise<number> {
  return exclusively(project.dir, async () => {
    try {
      return await relink(project, sources, onProgress, signal);
    } finally {
      await removeOrphans(project);
      await removeUnpacked(datasetDir(project));
    }
  });
}

async function relink(
  project: Pick<Project, 'dir'>,
  sources: readonly PictureSource[],
  onProgress: RelinkOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<number> {
  const manifest = (await readManifest(project)) ?? fail('dataset.empty');
  const dir = datasetDir(project);
  const shards = await readPackRecords(dir, manifest);
  const found = await findFiles((await adoptSources(dir, sources)).sources, dir, signal);
  const present = await hashed(found.files, sizesOf(shards), onProgress, signal);
  const used = usedSources(shards, present);
  if (used.length === 0) return 0;
  const { sources: all, sourceOf } = joinSources(
    manifest.sources,
    withinPack(
      dir,
      used.flatMap((place) => found.sources[place] ?? []),
    ),
  );
  if (sourceOf.includes(-1)) {
    const files = manifest.sources.length + used.length;
    return fail('dataset.too-many-files', { files, limit: limits.datasetSources });
  }
  const placeOf = new Map(used.map((place, index) => [place, sourceOf[index]]));
  // Sources first: until a record names them they are nobody's.
  await writeJson(manifestPath(dir), { ...manifest, sources: [...all] }, manifestFormat);
  let count = 0;
  for (const [place, records] of shards.entries()) {
    const name = manifest.shards[place]?.name ?? '';
    const linked = linkedRecords(records, present, placeOf);
    if (!linked) continue;
    count += linked.count;
    await writeRecords(dir, name, columnsOf(linked.records, records.histogram), {});
  }
  return count;
}

/** Sizes of the pictures' files: of other files the content need not be looked at. */
function sizesOf(shards: readonly RecordColumns[]): ReadonlySet<number> {
  return new Set(shards.flatMap(({ bytes }) => [...bytes]));
}

/** A file that may be a picture's, with its content's hash. */
interface HashedFile {
  readonly file: FoundFile;
  readonly sha256: Uint8Array;
}

/** Files by their sizes. */
type Present = ReadonlyMap<number, readonly HashedFile[]>;

async function hashed(
  files: FoundFiles,
  sizes: ReadonlySet<number>,
  onProgress: RelinkOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<Present> {
  const candidates: FoundFile[] = [];
  for (const file of files) if (sizes.has(file.bytes)) candidates.push(file);
  const found = new Map<number, HashedFile[]>();
  const read = inOrder(candidates, PARALLEL, async (file) => ({ file, read: await readPictureFile(file) }));
  let done = 0;
  for await (const { file, read: content } of read) {
    if (signal?.aborted) return fail('job.cancelled');
    if (content.ok) found.set(file.bytes, [...(found.get(file.bytes) ?? []), { file, sha256: content.sha256 }]);
    onProgress?.(++done, candidates.length);
  }
  return found;
}

/** A file with the content of a picture's. */
function foundFile(records: RecordColumns, picture: number, present: Present): FoundFile | undefined {
  const ofItsSize = present.get(records.bytes[picture] as number);
  return ofItsSize?.find(({ sha256 }) => isOfFile(records, picture, sha256))?.file;
}

/** Sources, by their places, in which a picture's file was found. */
function usedSources(shards: readonly RecordColumns[], present: Present): readonly number[] {
  const used = new Set<number>();
  for (const records of shards) {
    for (let picture = 0; picture < records.count; picture++) {
      const file = foundFile(records, picture, present);
      if (file) used.add(file.source);
    }
  }
  return [...used].sort((a, b) => a - b);
}

/** A shard's records with the places where files were found; undefined when none was. */
function linkedRecords(records: RecordColumns, present: Present, placeOf: ReadonlyMap<number, number | undefined>) {
  let count = 0;
  const linked = Array.from({ length: records.count }, (_, picture): PictureRecord => {
    const record = recordAt(records, picture);
    const file = foundFile(records, picture, present);
    if (!file) return record;
    count += 1;
    const frame = record.frame > 0 ? record.name.slice(record.name.lastIndexOf('#')) : '';
    return { ...record, name: file.name + frame, source: placeOf.get(file.source) ?? -1, modifiedMs: file.modifiedMs };
  });
  return count > 0 ? { count, records: linked } : undefined;
}
