import { join } from 'node:path';
import { z } from 'zod';
import { limits } from '#shared/contract/limits';
import type { ImportProposal } from '#shared/contract/types';
import { Channels, Fit, Size } from '#shared/dataset/fit';
import { PictureId, Split } from '#shared/dataset/curation';
import { ClassName } from '#shared/dataset/filter';
import { readJsonIfPresent, writeJson } from '../atomic';
import type { Format } from '../format';
import type { Project } from '../project';
import { emptyCuration, patchSize, type Curation, type Patch } from './curationState';

/**
 * `curation.json` of a project: what the user decided about its pictures, and the patches that take the last changes back. It lies beside the
 * pack and not in it: it outlives a cleared pack, and holds for pictures that are imported again.
 */
const Setting = z.union([Split, z.boolean(), Fit]);
const section = <Key extends z.ZodType<string>, Value extends z.ZodType>(key: Key, value: Value) =>
  z.array(z.tuple([key, value])).max(limits.datasetPictures);
const patchSection = (key: z.ZodType<string>, value: z.ZodType) =>
  z
    .array(z.tuple([key, value.nullable()]))
    .max(limits.datasetPictures)
    .optional();
const SettingKey = z.enum(['split', 'balanced', 'fit']);
const Weight = z.number().min(0).max(limits.samplingWeightMax);

const PatchFile = z.strictObject({
  excluded: patchSection(PictureId, z.literal(true)),
  kept: patchSection(PictureId, z.literal(true)),
  classes: patchSection(PictureId, ClassName),
  classNames: patchSection(ClassName, ClassName),
  fits: patchSection(PictureId, Fit),
  weights: patchSection(ClassName, Weight),
  settings: patchSection(SettingKey, Setting),
});
const Change = z.strictObject({
  label: z.string().max(200),
  patch: PatchFile,
  format: z.strictObject({ size: Size, channels: Channels }).exactOptional(),
});

const CurationFile = z.strictObject({
  version: z.literal(2),
  revision: z.int().min(0),
  excluded: z.array(PictureId).max(limits.datasetPictures),
  kept: z.array(PictureId).max(limits.datasetPictures),
  classes: section(PictureId, ClassName),
  classNames: section(ClassName, ClassName),
  fits: section(PictureId, Fit),
  weights: section(ClassName, Weight),
  settings: section(SettingKey, Setting),
  /** What undo applies, newest last, and what redo applies, the next one last. */
  undo: z.array(Change).max(limits.curationHistory),
  redo: z.array(Change).max(limits.curationHistory),
});
type CurationFile = z.output<typeof CurationFile>;
const curationFormat: Format<CurationFile> = {
  version: 2,
  schema: CurationFile,
  migrations: {
    // No change was one of the pictures' size or channels.
    1: (old) => old,
  },
};

export interface Change {
  /** What was done, for people: “Excluded 2 pictures”. */
  readonly label: string;
  readonly patch: Patch;
  /** Size and channels that all pictures of the pack get; left out where the change is none of those. */
  readonly format?: ImportProposal;
}

/** A curation with its history. */
export interface CurationRecord {
  /** Counts up with every change. */
  readonly revision: number;
  readonly curation: Curation;
  readonly undo: readonly Change[];
  readonly redo: readonly Change[];
}

export const curationPath = (project: Pick<Project, 'dir'>) => join(project.dir, 'curation.json');

/** A project's curation; an empty one before the first change. */
export async function readCuration(project: Pick<Project, 'dir'>): Promise<CurationRecord> {
  const file = await readJsonIfPresent(curationPath(project), curationFormat);
  if (!file) return { revision: 0, curation: emptyCuration, undo: [], redo: [] };
  const { revision, excluded, kept, classes, classNames, fits, weights, settings, undo, redo } = file;
  const curation: Curation = {
    excluded: new Map(excluded.map((id) => [id, true])),
    kept: new Map(kept.map((id) => [id, true])),
    classes: new Map(classes),
    classNames: new Map(classNames),
    fits: new Map(fits),
    weights: new Map(weights),
    settings: new Map(settings),
  };
  return { revision, curation, undo: undo as readonly Change[], redo: redo as readonly Change[] };
}

/** Replaces a project's curation, whole; the oldest changes beyond the caps can no longer be taken back. */
export async function writeCuration(
  project: Pick<Project, 'dir'>,
  { revision, curation, undo, redo }: CurationRecord,
): Promise<CurationRecord> {
  const kept = { undo: withinCaps(undo), redo: withinCaps(redo) };
  const file = {
    version: 2,
    revision,
    excluded: [...curation.excluded.keys()],
    kept: [...curation.kept.keys()],
    classes: [...curation.classes],
    classNames: [...curation.classNames],
    fits: [...curation.fits],
    weights: [...curation.weights],
    settings: [...curation.settings],
    ...kept,
  };
  await writeJson(curationPath(project), file as unknown as CurationFile, curationFormat);
  return { revision, curation, ...kept };
}

/** The newest changes that the caps allow. */
function withinCaps(changes: readonly Change[]): readonly Change[] {
  let room: number = limits.curationHistoryPictures;
  const newest = changes.slice(-limits.curationHistory).toReversed();
  const end = newest.findIndex(({ patch }) => (room -= patchSize(patch)) < 0);
  return (end === -1 ? newest : newest.slice(0, end)).toReversed();
}
