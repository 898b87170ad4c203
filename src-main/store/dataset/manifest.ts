import { join } from 'node:path';
import { z } from 'zod';
import { limits } from '#shared/contract/limits';
import { pictureFlags, type PictureFlag } from '#shared/contract/pictureFlags';
import type { DatasetSummary, PictureFit, SkippedFile } from '#shared/contract/types';
import { readJsonIfPresent } from '../atomic';
import type { Format } from '../format';
import type { Project } from '../project';

/**
 * A pack on disk, in `dataset/`:
 *   manifest.json        what there is; replaced whole, last, so a crash leaves the old pack
 *   pictures-00001.bin   uint8 pictures one after another, `[count, size, size, channels]`
 *   pictures-00001.records  what is known of each: see {@link RecordColumns}
 *   pictures-00001.json  instead of records in packs of formats 1 and 2: their files' hashes and names
 *   labels-00001.bin     the number of each picture's class, −1 for none, int16, little-endian; only where there are classes
 * Files that the manifest does not name belong to an import that did not finish.
 */
const count = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
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
    'name',
    'unsupported',
    'video',
    'labels',
    'archive',
    'archive-cut',
  ] satisfies SkippedFile['code'][]),
  detail: z.string().optional(),
});

/** A class as the manifest lists it: its number is its place. */
const Class = z.strictObject({ name: z.string().min(1).max(limits.classNameLength), pictures: count });

const fraction = z.number().min(0).max(1);
/** {@link PictureFit} */
export const Fit = z.strictObject({
  crop: z.enum(['centre', 'attention', 'letterbox', 'stretch']).default('centre'),
  background: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .default('#ffffff'),
  region: z.strictObject({ left: fraction, top: fraction, width: fraction, height: fraction }).optional(),
});
const FlagName = z.enum(Object.keys(pictureFlags) as PictureFlag[]);
const ranges = z.array(z.tuple([z.number(), count])).max(16);
/** {@link DatasetReport} */
const Report = z.strictObject({
  flags: z.partialRecord(FlagName, count),
  sides: ranges,
  aspects: ranges,
  channels: z
    .array(z.strictObject({ mean: z.number(), deviation: z.number(), histogram: z.array(fraction).max(256) }))
    .max(3),
});
/**
 * Where pictures came from. `folder`: the path is the folder itself, and the first part of their names is its name; `files`: the path is the folder that they
 * lie in under their whole names. Relative paths lie in the project.
 */
const Source = z.strictObject({ kind: z.enum(['folder', 'files']), path: z.string().min(1).max(8192) });
export type ManifestSource = z.output<typeof Source>;

/** `sha256`: of the shard's pixels; shards of older formats have none. */
const Shard = z.strictObject({
  name: z.string().regex(/^pictures-\d{5,9}$/),
  count: z.int().min(1),
  sha256: Sha256.optional(),
});

const Manifest = z.strictObject({
  version: z.literal(3),
  size: z.int().min(limits.imageSideMin).max(limits.imageSideMax),
  channels: z.union([z.literal(1), z.literal(3)]),
  hash: Sha256,
  shards: z.array(Shard),
  classes: z.array(Class).max(limits.classes),
  /** The file of the labels; none while there are no classes. */
  labels: z
    .string()
    .regex(/^labels-\d{5,9}$/)
    .optional(),
  fit: Fit,
  /** Fits of the pictures that have one of their own, by their hashes. */
  fits: z
    .array(z.tuple([Sha256, Fit]))
    .max(limits.datasetPictures)
    .default([]),
  /** Every so many frames of the animations that were taken last are pictures of their own; 0: the first alone. */
  everyFrame: count,
  sources: z.array(Source).max(limits.datasetSources),
  report: Report,
  lastImport: z.strictObject({
    /** ISO 8601. */
    at: z.iso.datetime(),
    added: count,
    duplicates: count,
    skippedCount: count,
    skipped: z.array(Skipped).max(limits.skippedListed),
    mended: z.array(z.strictObject({ file: z.string(), flags: z.array(FlagName) })).max(limits.mendedListed),
  }),
});
export type Manifest = z.output<typeof Manifest>;
export const manifestFormat: Format<Manifest> = {
  version: 3,
  schema: Manifest,
  migrations: {
    // Packs had no classes.
    1: (old) => ({ ...old, classes: [] }),
    // All pictures were cropped in the middle and laid on white, of animations the first frame; where they came from was not kept, and nothing was counted.
    2: (old) => ({
      ...old,
      fit: Fit.parse({}),
      everyFrame: 0,
      sources: [],
      report: { flags: {}, sides: [], aspects: [], channels: [] },
      lastImport: { ...Object(old['lastImport']), mended: [] },
    }),
  },
};

export const datasetDir = (project: Pick<Project, 'dir'>) => join(project.dir, 'dataset');
/** The pack that `clearDataset` put aside. */
export const clearedDir = (project: Pick<Project, 'dir'>) => join(project.dir, 'dataset-cleared');
export const manifestPath = (dir: string) => join(dir, 'manifest.json');
export const shardName = (number: number): string => `pictures-${String(number).padStart(5, '0')}`;

/** A number that no shard has: those that were written anew keep their place in the pack, not their number. */
export function nextShardNumber(shards: readonly Pick<Manifest['shards'][number], 'name'>[]): number {
  return shards.reduce((most, { name }) => Math.max(most, Number(name.slice('pictures-'.length))), 0) + 1;
}

export const shardPath = (dir: string, name: string) => join(dir, `${name}.bin`);
export const recordsPath = (dir: string, name: string) => join(dir, `${name}.records`);
/** Of packs of formats 1 and 2. */
export const originsPath = (dir: string, name: string) => join(dir, `${name}.json`);

export function readManifest(project: Pick<Project, 'dir'>): Promise<Manifest | undefined> {
  return readJsonIfPresent(manifestPath(datasetDir(project)), manifestFormat);
}

export const pictureCount = ({ shards }: Pick<Manifest, 'shards'>) =>
  shards.reduce((sum, shard) => sum + shard.count, 0);

export function summaryOf(manifest: Manifest): DatasetSummary {
  const { size, channels, hash, lastImport, classes, fit, everyFrame, report } = manifest;
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
    mended: lastImport.mended,
    fit: fitOf(fit),
    everyFrame,
    report,
  };
}

/** Without a region that is undefined: optional properties are present or absent. */
export const fitOf = ({ region, ...fit }: Manifest['fit']): PictureFit => (region ? { ...fit, region } : fit);

/** What a project's pack holds, or undefined while it has none. */
export async function readDatasetSummary(project: Pick<Project, 'dir'>): Promise<DatasetSummary | undefined> {
  const manifest = await readManifest(project);
  return manifest && summaryOf(manifest);
}
