import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fail } from '#shared/contract/errors';
import type { ImportProposal } from '#shared/contract/types';
import { readJson, systemCode } from '../atomic';
import type { Format } from '../format';
import { looksOf } from '../pictures/looks';
import type { Project } from '../project';
import { Histogram } from './histogram';
import { datasetDir, originsPath, readManifest, shardPath, type Manifest } from './manifest';
import { columnsOf, joinColumns, readRecords, type RecordColumns } from './records';

/** The records of all pictures of a pack, in the pack's order; `dataset.empty` when there is none, `project.unreadable` when a file is missing or damaged. */
export async function openRecords(project: Pick<Project, 'dir'>): Promise<RecordColumns> {
  const manifest = (await readManifest(project)) ?? fail('dataset.empty');
  return joinColumns(await readPackRecords(datasetDir(project), manifest), manifest.channels);
}

/** The same, shard by shard. */
export async function readPackRecords(dir: string, manifest: Manifest): Promise<RecordColumns[]> {
  const shards: RecordColumns[] = [];
  for (const shard of manifest.shards) shards.push(await readShardRecords(dir, shard, manifest));
  return shards;
}

export async function readShardRecords(
  dir: string,
  { name, count }: Manifest['shards'][number],
  format: ImportProposal,
): Promise<RecordColumns> {
  return (await readRecords(dir, name, count)) ?? (await fromOrigins(dir, name, count, format));
}

/** What packs of format 1 kept of a picture: SHA-256 of its file's bytes, and the name it was imported under. */
const Origin = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), name: z.string() });
const ShardOrigins = z.strictObject({ version: z.literal(1), pictures: z.array(Origin) });
const originsFormat: Format<z.output<typeof ShardOrigins>> = { version: 1, schema: ShardOrigins, migrations: {} };

/** Records for a shard of format 1: what can be seen in the pixels is, the rest stays unknown. */
async function fromOrigins(
  dir: string,
  name: string,
  count: number,
  { size, channels }: ImportProposal,
): Promise<RecordColumns> {
  const file = shardPath(dir, name);
  const { pictures } = await readJson(originsPath(dir, name), originsFormat);
  const pixels = await readFile(file).catch((error: unknown) =>
    fail('project.unreadable', { file, problem: systemCode(error) ?? 'it cannot be opened' }),
  );
  const each = size * size * channels;
  if (pictures.length !== count || pixels.length !== count * each) {
    return fail('project.unreadable', { file, problem: 'it does not hold what the manifest says' });
  }
  const histogram = new Histogram(channels);
  histogram.add(pixels);
  const unknown = { source: -1, frame: -1, bytes: 0, modifiedMs: 0, width: 0, height: 0, flags: 0 };
  const records = pictures.map((origin, index) => ({
    ...unknown,
    ...looksOf(pixels.subarray(index * each, (index + 1) * each), size, channels),
    name: origin.name,
    sha256: Buffer.from(origin.sha256, 'hex'),
  }));
  return columnsOf(records, histogram.counts());
}
