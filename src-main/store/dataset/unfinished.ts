import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { limits } from '#shared/contract/limits';
import type { UnfinishedImport } from '#shared/contract/types';
import { UNPACKED } from '../archives/archive';
import { failDisk, TEMPORARY, writeFileAtomic } from '../atomic';
import type { Project } from '../project';
import { SafetensorsError } from '../safetensors';
import { datasetDir, nextShardNumber, originsPath, recordsPath, shardName, shardPath, type Manifest } from './manifest';
import { decodeRecords, encodeRecords, type RecordColumns } from './records';

type Shard = Manifest['shards'][number];

/**
 * What an import leaves when it is killed, beside what the manifest names:
 *   unfinished               which import it was, and of what
 *   pictures-00002.*         shards that were full
 *   pictures-00003.bin       the shard it was writing, and
 *   pictures-00003.part      the records of as many of its pictures as are whole, with the hash of their pixels
 */
const MARKER = 'unfinished';
const partPath = (dir: string, name: string) => join(dir, `${name}.part`);

/** A shard that is not full yet. */
export interface Part {
  readonly columns: RecordColumns;
  readonly pixels: Uint8Array;
}

const Unfinished = z.strictObject({
  sources: z.array(z.string().max(limits.unfinishedNameLength)).max(limits.unfinishedNamed),
  count: z.int().min(1),
});

/** Which import it is: `identity` tells it from all that would make another pack, `of` says it to people. */
export interface Beginning {
  readonly identity: string;
  readonly of: UnfinishedImport;
}

/** Notes that an import has begun. */
export function beginUnfinished(dir: string, { identity, of }: Beginning): Promise<void> {
  return writeFileAtomic(join(dir, MARKER), `${identity}\n${JSON.stringify(of)}\n`);
}

/** The import that was cut off in a project; while one is going on, that one. */
export async function readUnfinishedImport(project: Pick<Project, 'dir'>): Promise<UnfinishedImport | undefined> {
  const [, of = ''] = await readMarker(datasetDir(project));
  try {
    return Unfinished.parse(JSON.parse(of));
  } catch {
    // None, or one of an earlier Ganvas: nothing of it is gone on with.
    return undefined;
  }
}

/** Its lines; none where no import was cut off. */
async function readMarker(dir: string): Promise<readonly string[]> {
  const text = await readFile(join(dir, MARKER), 'utf8').catch(() => '');
  return text.split('\n');
}

/** Replaces the records of the shard that is being written. Not synced: after a power cut the hash tells whether they are of use. */
export async function writePart(dir: string, name: string, columns: RecordColumns, sha256: string): Promise<void> {
  const path = partPath(dir, name);
  try {
    await writeFile(`${path}${TEMPORARY}`, encodeRecords(columns, { sha256 }));
    await rename(`${path}${TEMPORARY}`, path);
  } catch (error) {
    failDisk(error, path);
  }
}

/** What an import of the same identity wrote after `shards` before it was killed, as far as it is sound. */
export async function readUnfinished(
  dir: string,
  shards: readonly Shard[],
  identity: string,
  pictureBytes: number,
  perShard: number,
): Promise<{ readonly whole: readonly Shard[]; readonly part: Part | undefined }> {
  const [marker] = await readMarker(dir);
  if (marker !== identity) return { whole: [], part: undefined };
  const whole: Shard[] = [];
  let number = nextShardNumber(shards);
  for (;;) {
    const name = shardName(number++);
    const shard = await readWhole(dir, name, pictureBytes);
    if (!shard) return { whole, part: await readPart(dir, name, partPath(dir, name), pictureBytes) };
    // Killed after the last shard was ended: this time more may follow.
    if (shard.count < perShard) return { whole, part: await readPart(dir, name, recordsPath(dir, name), pictureBytes) };
    whole.push(shard);
  }
}

/** A full shard was synced before its records were written: its size tells enough. */
async function readWhole(dir: string, name: string, pictureBytes: number): Promise<Shard | undefined> {
  const records = await readRecordsFile(recordsPath(dir, name));
  const size = await stat(shardPath(dir, name)).then(
    (stats) => stats.size,
    () => -1,
  );
  const sha256 = records?.notes['sha256'];
  if (!records || sha256 === undefined || size !== records.columns.count * pictureBytes) return undefined;
  return { name, count: records.columns.count, sha256 };
}

async function readPart(
  dir: string,
  name: string,
  recordsFile: string,
  pictureBytes: number,
): Promise<Part | undefined> {
  const records = await readRecordsFile(recordsFile);
  if (!records) return undefined;
  const pixels = await readStart(shardPath(dir, name), records.columns.count * pictureBytes);
  if (!pixels || createHash('sha256').update(pixels).digest('hex') !== records.notes['sha256']) return undefined;
  return { columns: records.columns, pixels };
}

async function readRecordsFile(path: string): Promise<ReturnType<typeof decodeRecords> | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  try {
    return decodeRecords(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) return undefined;
    throw error;
  }
}

/** The first `length` bytes of a file; undefined when it has fewer. */
async function readStart(path: string, length: number): Promise<Uint8Array | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, 0);
    return bytesRead === length ? bytes : undefined;
  } finally {
    await file.close();
  }
}

/** Removes what archives were unpacked to. Never fails: it costs room, no more, and is tried again. */
export async function removeUnpacked(dir: string): Promise<void> {
  for (const entry of await readdir(dir).catch(() => [])) {
    if (entry.startsWith(UNPACKED)) await rm(join(dir, entry), { force: true }).catch(() => undefined);
  }
}

/** Removes the files of a pack's folder that no manifest names: what an import left that was killed or given up, and shards that were absorbed. */
export async function removeUnnamed(dir: string, shards: readonly Shard[]): Promise<void> {
  const named = new Set(
    shards.flatMap(({ name }) => [shardPath(dir, name), recordsPath(dir, name), originsPath(dir, name)]),
  );
  try {
    for (const entry of await readdir(dir)) {
      const path = join(dir, entry);
      const ours = entry.startsWith('pictures-') || entry === MARKER || entry.endsWith(TEMPORARY);
      if (ours && !named.has(path)) await rm(path, { force: true });
    }
  } catch (error) {
    failDisk(error, dir);
  }
}
