import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { CurationOutcome, FitPreview, MissingFiles, PictureFit, RelinkOutcome } from '#shared/contract/types';
import type { CurationEdit } from '#shared/dataset/curation';
import { trainingSet } from '../store/dataset/curatedPack';
import { changeOf } from '../store/dataset/curationEdits';
import { readCuration, writeCuration, type Change, type CurationRecord } from '../store/dataset/curationFile';
import { applyPatch, type Curation } from '../store/dataset/curationState';
import { classCounts, summaryOf } from '../store/dataset/curationSummary';
import { exclusively } from '../store/dataset/exclusive';
import { previewFit } from '../store/dataset/fitPreview';
import { classesIn } from '../store/dataset/pictureMarks';
import { readPictureTable, type PictureTable } from '../store/dataset/pictureTable';
import { refitPack } from '../store/dataset/refit';
import { relinkPictures } from '../store/dataset/relink';
import type { PictureSource } from '../store/dataset/types';
import type { PictureWorkers } from '../store/decode/picture';
import { openPictureWorkers } from '../store/decode/pictureWorkers';
import type { EventHub } from './eventHub';
import type { Job } from './jobs';
import type { OpenProject } from './openProject';

/** Tables kept, of the projects looked at last: that of a million pictures takes some 300 MB. */
const TABLES_KEPT = 2;

/** The pictures of a project, and what was decided about them. */
export interface CuratedTable {
  readonly table: PictureTable;
  readonly record: CurationRecord;
}

/** Changes the curations of the open projects, and keeps what is known of their pictures while somebody looks at them. */
export class Curator {
  readonly #events: EventHub;
  /** By project, the one asked for last at the end. */
  readonly #tables = new Map<string, PictureTable>();

  /** For previews; opened with the first. */
  #workers: PictureWorkers | undefined;

  /** Whoever makes it closes it. */
  constructor(events: EventHub) {
    this.#events = events;
  }

  /** As they are now; `dataset.empty`. */
  async read(open: OpenProject): Promise<CuratedTable> {
    const [table, record] = await Promise.all([this.#table(open), readCuration(open.project)]);
    return { table, record };
  }

  /** Does what the user asked for; later it can be taken back. */
  edit(open: OpenProject, edit: CurationEdit, job: Job): Promise<CurationOutcome> {
    return this.#change(open, job, ({ table, record }) => {
      const change = changeOf(edit, table, record.curation);
      const applied = applyPatch(begun(record.curation, edit, table), change.patch);
      if (!applied) return { record, done: undefined };
      const undo = [...record.undo, { label: change.label, patch: applied.inverse }];
      return { record: { ...record, curation: applied.curation, undo, redo: [] }, done: change.label };
    });
  }

  /** Takes the last change back; `curation.nothing-to-undo`. */
  undo(open: OpenProject, job: Job): Promise<CurationOutcome> {
    return this.#change(open, job, ({ record }) => {
      const { moved, rest, ...applied } = moveBack(record, record.undo, 'curation.nothing-to-undo');
      return { record: { ...record, ...applied, undo: rest, redo: [...record.redo, moved] }, done: moved.label };
    });
  }

  /** Does again what was taken back last; `curation.nothing-to-redo`. */
  redo(open: OpenProject, job: Job): Promise<CurationOutcome> {
    return this.#change(open, job, ({ record }) => {
      const { moved, rest, ...applied } = moveBack(record, record.redo, 'curation.nothing-to-redo');
      return { record: { ...record, ...applied, redo: rest, undo: [...record.undo, moved] }, done: moved.label };
    });
  }

  /** Makes those pictures of the pack anew that are not as the curation wants them: after an import, or when files were found again. */
  fitAgain(open: OpenProject, job: Job): Promise<MissingFiles> {
    return exclusively(queueOf(open), async () => this.#refit(open, (await readCuration(open.project)).curation, job));
  }

  /** Looks for the pictures' files in other places, and applies the fits that waited for them. */
  async relink(
    open: OpenProject,
    sources: readonly PictureSource[],
    { signal, progress }: Job,
  ): Promise<RelinkOutcome> {
    const onProgress = (done: number, total: number) => progress('Looking for the files', done, total);
    const found = await relinkPictures(open.project, sources, { signal, onProgress });
    this.#tables.delete(open.id);
    const missing = await this.fitAgain(open, { signal, progress });
    return { curation: open.curation, done: `Found ${found} files`, missing, found };
  }

  async preview(open: OpenProject, picture: number, fit: PictureFit): Promise<FitPreview> {
    this.#workers ??= openPictureWorkers();
    return previewFit(open.project, (await this.#table(open)).columns, picture, fit, this.#workers);
  }

  async close(): Promise<void> {
    await this.#workers?.close();
  }

  /** One change after the other: each begins from what the one before it left on disk. */
  #change(
    open: OpenProject,
    job: Job,
    decide: (current: CuratedTable) => { readonly record: CurationRecord; readonly done: string | undefined },
  ): Promise<CurationOutcome> {
    return exclusively(queueOf(open), async () => {
      const current = await this.read(open);
      const { record, done } = decide(current);
      if (done === undefined) return { curation: open.curation, done, missing: NONE_MISSING };
      // The pictures first: a change that was cancelled on the way has not happened.
      const missing = sameFits(record.curation, current.record.curation)
        ? NONE_MISSING
        : await this.#refit(open, record.curation, job);
      const written = await writeCuration(open.project, { ...record, revision: record.revision + 1 });
      const { hash, pictures } = current.table;
      const set = trainingSet(hash, pictures, written.curation);
      const curation = summaryOf(written, set, classCounts(set, classesIn(current.table, written.curation)));
      open.curation = curation;
      this.#events.emit('curation.changed', { projectId: open.id, curation });
      return { curation, done, missing };
    });
  }

  async #refit(open: OpenProject, curation: Curation, { signal, progress }: Job): Promise<MissingFiles> {
    const result = await refitPack(open.project, {
      fitOf: (id) => curation.fits.get(id),
      common: curation.settings.get('fit') as PictureFit | undefined,
      signal,
      onProgress: (done, total) => progress('Reading the files again', done, total),
    });
    if (!result) return NONE_MISSING;
    await open.takeDataset(result.summary);
    this.#events.emit('project.changed', { project: open.detail });
    const names = result.missing.slice(0, limits.missingListed).map(({ name }) => name);
    return { count: result.missing.length, names };
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

const NONE_MISSING: MissingFiles = { count: 0, names: [] };
const sameFits = (a: Curation, b: Curation) => a.fits === b.fits && a.settings.get('fit') === b.settings.get('fit');
const queueOf = ({ project }: OpenProject) => `${project.dir}#curation`;

/** The curation that an edit begins from: one of all pictures' fit notes the fit that they had, so that it can be taken back. */
function begun(curation: Curation, edit: CurationEdit, { fit }: PictureTable): Curation {
  if (edit.kind !== 'fit' || edit.pictures || curation.settings.has('fit')) return curation;
  return { ...curation, settings: new Map([...curation.settings, ['fit', fit]]) };
}

/** Applies the last of some changes; what it takes to go the other way, under the same label. */
function moveBack({ curation }: CurationRecord, changes: readonly Change[], none: Parameters<typeof fail>[0]) {
  const last = changes.at(-1) ?? fail(none);
  const applied = applyPatch(curation, last.patch);
  return {
    curation: applied?.curation ?? curation,
    moved: { label: last.label, patch: applied?.inverse ?? {} },
    rest: changes.slice(0, -1),
  };
}
