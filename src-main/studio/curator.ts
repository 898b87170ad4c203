import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type {
  CurationOutcome,
  FitPreview,
  ImportProposal,
  MissingFiles,
  PictureFit,
  RelinkOutcome,
} from '#shared/contract/types';
import type { CurationEdit } from '#shared/dataset/curation';
import { trainingSet } from '../store/dataset/curatedPack';
import { changeOf } from '../store/dataset/curationEdits';
import { CurationCache } from '../store/dataset/curationCache';
import { readCuration, writeCuration, type Change, type CurationRecord } from '../store/dataset/curationFile';
import { applyPatch, type Curation } from '../store/dataset/curationState';
import { classCounts, summaryOf } from '../store/dataset/curationSummary';
import { exclusively } from '../store/dataset/exclusive';
import { previewFit, readPictureSource } from '../store/dataset/fitPreview';
import { classesIn } from '../store/dataset/pictureMarks';
import { readPictureTable, type PictureTable } from '../store/dataset/pictureTable';
import { refitPack } from '../store/dataset/refit';
import { relinkPictures } from '../store/dataset/relink';
import type { SourceFile } from '../store/dataset/sourceFiles';
import type { PictureSource } from '../store/dataset/types';
import type { PictureWorkers } from '../store/decode/picture';
import type { EventHub } from './eventHub';
import type { Job } from './jobs';
import type { OpenProject } from './openProject';
import { suitRecipe } from './suitRecipe';

/** Tables kept, of the projects looked at last: that of a million pictures takes some 300 MB. */
const TABLES_KEPT = 2;

/** How long a file that is previewed is taken to be as it was read, milliseconds. */
const PREVIEWED_KEPT_MS = 10_000;

/** The pictures of a project, and what was decided about them. */
export interface CuratedTable {
  readonly table: PictureTable;
  readonly record: CurationRecord;
}

/** What a change makes of a curation; `done` undefined: it changes nothing. */
interface Decision {
  readonly record: CurationRecord;
  readonly done: string | undefined;
  /** Size and channels that all pictures get; undefined: those that they have. */
  readonly format?: ImportProposal | undefined;
}

/** Changes the curations of the open projects, and keeps what is known of their pictures while somebody looks at them. */
export class Curator {
  readonly #events: EventHub;
  readonly #openDecoders: () => PictureWorkers;
  /** By project, the one asked for last at the end. */
  readonly #tables = new Map<string, PictureTable>();
  readonly #curations = new CurationCache();

  /** For previews; opened with the first. */
  #workers: PictureWorkers | undefined;
  /** The file that was previewed last: while a square is dragged, an archive is not opened again and again. */
  #previewed: { readonly of: string; readonly file: Promise<SourceFile>; readonly at: number } | undefined;

  /** Whoever makes it closes it. */
  constructor(events: EventHub, openDecoders: () => PictureWorkers) {
    this.#events = events;
    this.#openDecoders = openDecoders;
  }

  /** As they are now; `dataset.empty`. */
  async read(open: OpenProject): Promise<CuratedTable> {
    const [table, record] = await Promise.all([this.#table(open), this.#curations.read(open.project)]);
    return { table, record };
  }

  /** Places in the pack of the pictures that a run would read now: of networks that look at classes, those alone that have one. */
  async trained(open: OpenProject): Promise<readonly number[]> {
    const { table, record } = await this.read(open);
    const { indices, classes } = trainingSet(table.hash, table.pictures, record.curation);
    const wanted = open.recipe.classes;
    if (wanted.length === 0) return [...indices];
    return [...indices].filter((_, place) => wanted.includes(classes[place] ?? ''));
  }

  /** Does what the user asked for; later it can be taken back. */
  edit(open: OpenProject, edit: CurationEdit, job: Job): Promise<CurationOutcome> {
    return this.#change(open, job, ({ table, record }) => {
      const change = changeOf(edit, table, record.curation);
      const { format, before } = formats(open, change);
      const applied = applyPatch(begun(record.curation, edit, table), change.patch);
      if (!applied && !format) return { record, done: undefined };
      const { curation, inverse } = applied ?? { curation: record.curation, inverse: {} };
      const undo = [...record.undo, { label: change.label, patch: inverse, ...before }];
      return { record: { ...record, curation, undo, redo: [] }, done: change.label, format };
    });
  }

  /** Takes the last change back; `curation.nothing-to-undo`. */
  undo(open: OpenProject, job: Job): Promise<CurationOutcome> {
    return this.#change(open, job, ({ record }) => {
      const { moved, rest, format, curation } = moveBack(open, record, record.undo, 'curation.nothing-to-undo');
      return { record: { ...record, curation, undo: rest, redo: [...record.redo, moved] }, done: moved.label, format };
    });
  }

  /** Does again what was taken back last; `curation.nothing-to-redo`. */
  redo(open: OpenProject, job: Job): Promise<CurationOutcome> {
    return this.#change(open, job, ({ record }) => {
      const { moved, rest, format, curation } = moveBack(open, record, record.redo, 'curation.nothing-to-redo');
      return { record: { ...record, curation, redo: rest, undo: [...record.undo, moved] }, done: moved.label, format };
    });
  }

  /** Makes those pictures of the pack anew that are not as the curation wants them: after an import, or when files were found again. */
  fitAgain(open: OpenProject, job: Job): Promise<MissingFiles> {
    return exclusively(queueOf(open), async () => {
      const { curation } = await readCuration(open.project);
      return (await this.#refit(open, curation, undefined, job)).missing;
    });
  }

  /** Looks for the pictures' files in other places, and applies the fits that waited for them. */
  async relink(open: OpenProject, sources: readonly PictureSource[], job: Job): Promise<RelinkOutcome> {
    const onProgress = (done: number, total: number) => job.progress('Looking for the files', done, total);
    const found = await relinkPictures(open.project, sources, { signal: job.signal, onProgress });
    this.#tables.delete(open.id);
    const missing = await this.fitAgain(open, job);
    return { curation: open.curation, done: `Found ${found} files`, missing, found };
  }

  /** A picture with a fit, in the pack's format where that is left open. */
  async preview(
    open: OpenProject,
    picture: number,
    fit: PictureFit,
    format: { readonly [Part in keyof ImportProposal]?: ImportProposal[Part] | undefined },
  ): Promise<FitPreview> {
    this.#workers ??= this.#openDecoders();
    const { columns, hash } = await this.#table(open);
    const { size, channels } = open.dataset ?? fail('dataset.empty');
    const of = `${open.id} ${hash} ${picture}`;
    const now = performance.now();
    const kept =
      this.#previewed?.of === of && now - this.#previewed.at < PREVIEWED_KEPT_MS ? this.#previewed : undefined;
    const { file } = kept ?? { file: readPictureSource(open.project, columns, picture) };
    this.#previewed = { of, file, at: kept?.at ?? now };
    const wanted = { ...fit, size: format.size ?? size, channels: format.channels ?? channels };
    return previewFit(await file, columns, picture, wanted, this.#workers);
  }

  async close(): Promise<void> {
    await this.#workers?.close();
  }

  /** One change after the other: each begins from what the one before it left on disk. */
  #change(open: OpenProject, job: Job, decide: (current: CuratedTable) => Decision): Promise<CurationOutcome> {
    return exclusively(queueOf(open), async () => {
      const current = await this.read(open);
      const { record, done, format } = decide(current);
      if (done === undefined) return { curation: open.curation, done, missing: NONE_MISSING };
      // The pictures first: a change that was cancelled on the way has not happened.
      const { refused, missing } =
        !format && sameFits(record.curation, current.record.curation)
          ? NOTHING_TO_MAKE
          : await this.#refit(open, record.curation, format, job);
      if (refused) return { curation: open.curation, done: undefined, missing };
      const written = await writeCuration(open.project, { ...record, revision: record.revision + 1 });
      const { hash, pictures } = current.table;
      const set = trainingSet(hash, pictures, written.curation);
      const curation = summaryOf(written, set, classCounts(set, classesIn(current.table, written.curation)));
      open.curation = curation;
      this.#events.emit('curation.changed', { projectId: open.id, curation });
      return { curation, done, missing };
    });
  }

  /** `refused`: nothing was changed, because of what is missing. */
  async #refit(
    open: OpenProject,
    curation: Curation,
    format: ImportProposal | undefined,
    { signal, progress }: Job,
  ): Promise<typeof NOTHING_TO_MAKE> {
    const refitting = {
      fitOf: (id: string) => curation.fits.get(id),
      common: curation.settings.get('fit') as PictureFit | undefined,
      format,
      signal,
      onProgress: (done: number, total: number) => progress('Reading the files again', done, total),
    };
    const result = await refitPack(open.project, refitting, this.#openDecoders);
    if (!result) return NOTHING_TO_MAKE;
    const files = result.missing.slice(0, limits.missingListed).map(({ name, problem }) => ({ name, problem }));
    const missing = { count: result.missing.length, files };
    if (!result.summary) return { refused: true, missing };
    await open.takeDataset(result.summary);
    if (format) await suitRecipe(open, format);
    this.#events.emit('project.changed', { project: open.detail });
    return { refused: false, missing };
  }

  async #table({ id, project, dataset }: OpenProject): Promise<PictureTable> {
    const kept = this.#tables.get(id);
    const table = kept && kept.hash === dataset?.hash ? kept : await readPictureTable(project);
    this.#tables.delete(id);
    this.#tables.set(id, table);
    for (const oldest of this.#tables.keys()) {
      if (this.#tables.size <= TABLES_KEPT) break;
      this.#tables.delete(oldest);
    }
    return table;
  }
}

const NONE_MISSING: MissingFiles = { count: 0, files: [] };
const NOTHING_TO_MAKE: { readonly refused: boolean; readonly missing: MissingFiles } = {
  refused: false,
  missing: NONE_MISSING,
};
const sameFits = (a: Curation, b: Curation) => a.fits === b.fits && a.settings.get('fit') === b.settings.get('fit');
const queueOf = ({ project }: OpenProject) => `${project.dir}#curation`;

/** The curation that an edit begins from: one of all pictures' fit notes the fit that they had, so that it can be taken back. */
function begun(curation: Curation, edit: CurationEdit, { fit }: PictureTable): Curation {
  const ofAll = edit.kind === 'format' ? edit.fit !== undefined : edit.kind === 'fit' && !edit.pictures;
  if (!ofAll || curation.settings.has('fit')) return curation;
  return { ...curation, settings: new Map([...curation.settings, ['fit', fit]]) };
}

/** Applies the last of some changes; what it takes to go the other way, under the same label. */
function moveBack(
  open: OpenProject,
  { curation }: CurationRecord,
  changes: readonly Change[],
  none: Parameters<typeof fail>[0],
) {
  const last = changes.at(-1) ?? fail(none);
  const applied = applyPatch(curation, last.patch);
  const { format, before } = formats(open, last);
  return {
    curation: applied?.curation ?? curation,
    format,
    moved: { label: last.label, patch: applied?.inverse ?? {}, ...before },
    rest: changes.slice(0, -1),
  };
}

/** The format that a change brings to the pictures, if that is another one than theirs; `before`: what takes it back. */
function formats({ dataset }: OpenProject, { format }: Pick<Change, 'format'>) {
  if (!dataset || !format) return { format: undefined, before: {} };
  const { size, channels } = dataset;
  const same = format.size === size && format.channels === channels;
  return same ? { format: undefined, before: {} } : { format, before: { format: { size, channels } } };
}
