import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { limits } from '#shared/contract/limits';
import type { DatasetSummary, SkippedFile } from '#shared/contract/types';
import { readJson, readJsonIfPresent } from '../atomic';
import type { Format } from '../format';
import type { Project } from '../project';

/**
 * A pack on disk, in `dataset/`:
 *   manifest.json        what there is; replaced whole, last, so a crash leaves the old pack
 *   pictures-00001.bin   uint8 pictures one after another, `[count, size, size, channels]`
 *   pictures-00001.json  their files' hashes and names, which only imports need
 *   labels-00001.bin     the number of each picture's class, −1 for none, int16, little-endian; only where there are classes
 * Files that the manifest does not name belong to an import that did not finish.
 */
const count = z.int().min(0);
const Skipped = z.strictObject({
  file: z.string(),
  code: z.enum([
    'not-a-picture',
    'corrupt',
    'empty',
    'too-large',
    'too-many-pixels',
    'timeout',
    'unreadable',
    'unsupported',
    'labels',
  ] satisfies SkippedFile['code'][]),
  detail: z.string().optional(),
});

/** A class as the manifest lists it: its number is its place. */
const Class = z.strictObject({ name: z.string().min(1).max(limits.classNameLength), pictures: count });

const Manifest = z.strictObject({
  version: z.literal(2),
  size: z.int().min(limits.imageSideMin).max(limits.imageSideMax),
  channels: z.union([z.literal(1), z.literal(3)]),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  shards: z.array(z.strictObject({ name: z.string().regex(/^pictures-\d{5,9}$/), count: z.int().min(1) })),
  classes: z.array(Class).max(limits.classes),
  /** The file of the labels; none while there are no classes. */
  labels: z
    .string()
    .regex(/^labels-\d{5,9}$/)
    .optional(),
  lastImport: z.strictObject({
    /** ISO 8601. */
    at: z.iso.datetime(),
    added: count,
    duplicates: count,
    skippedCount: count,
    skipped: z.array(Skipped).max(limits.skippedListed),
  }),
});
export type Manifest = z.output<typeof Manifest>;
export const manifestFormat: Format<Manifest> = {
  version: 2,
  schema: Manifest,
  // Packs had no classes.
  migrations: { 1: (old) => ({ ...old, classes: [] }) },
};

/** Where a picture came from: SHA-256 of its file's bytes, and the name it was imported under. */
const Origin = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), name: z.string() });
export type Origin = z.output<typeof Origin>;
const ShardOrigins = z.strictObject({ version: z.literal(1), pictures: z.array(Origin) });
export const originsFormat: Format<z.output<typeof ShardOrigins>> = {
  version: 1,
  schema: ShardOrigins,
  migrations: {},
};

export const datasetDir = (project: Pick<Project, 'dir'>) => join(project.dir, 'dataset');
/** The pack that `clearDataset` put aside. */
export const clearedDir = (project: Pick<Project, 'dir'>) => join(project.dir, 'dataset-cleared');
export const manifestPath = (dir: string) => join(dir, 'manifest.json');
export const shardPath = (dir: string, name: string) => join(dir, `${name}.bin`);
export const originsPath = (dir: string, name: string) => join(dir, `${name}.json`);

export function readManifest(project: Pick<Project, 'dir'>): Promise<Manifest | undefined> {
  return readJsonIfPresent(manifestPath(datasetDir(project)), manifestFormat);
}

/** The origins of all pictures of a pack, in the pack's order. */
export async function readOrigins(dir: string, manifest: Manifest): Promise<Origin[]> {
  const shards = manifest.shards.map(({ name }) => readJson(originsPath(dir, name), originsFormat));
  return (await Promise.all(shards)).flatMap(({ pictures }) => pictures);
}

export const pictureCount = ({ shards }: Pick<Manifest, 'shards'>) =>
  shards.reduce((sum, shard) => sum + shard.count, 0);

/** Identity of a pack's content: its pictures' hashes in their order, the classes of those that have one, and what they were made into. */
export function packHash(
  size: number,
  channels: number,
  origins: readonly Origin[],
  classOf: (picture: number) => string | undefined,
): string {
  const hash = createHash('sha256').update(`${size}x${size}x${channels}`);
  origins.forEach(({ sha256 }, picture) => {
    const name = classOf(picture);
    hash.update(name === undefined ? `\n${sha256}` : `\n${sha256} ${name}`);
  });
  return hash.digest('hex');
}

export function summaryOf(manifest: Manifest): DatasetSummary {
  const { size, channels, hash, lastImport, classes } = manifest;
  return {
    images: pictureCount(manifest),
    size,
    channels,
    hash,
    importedAt: lastImport.at,
    added: lastImport.added,
    duplicates: lastImport.duplicates,
    skippedCount: lastImport.skippedCount,
    skipped: lastImport.skipped.map(({ detail, ...file }) => (detail === undefined ? file : { ...file, detail })),
    classes,
  };
}

/** What a project's pack holds, or undefined while it has none. */
export async function readDatasetSummary(project: Pick<Project, 'dir'>): Promise<DatasetSummary | undefined> {
  const manifest = await readManifest(project);
  return manifest && summaryOf(manifest);
}
