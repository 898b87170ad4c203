import type { Params } from '#shared/contract/api';
import type { PictureFlag } from '#shared/contract/pictureFlags';
import type { CurationOutcome, CurationSummary, MissingFiles, PictureDetail } from '#shared/contract/types';
import type { CurationEdit, Selection } from '#shared/dataset/curation';
import type { PictureFilter, SideRange } from '#shared/dataset/filter';
import { countViews, inView, markBit, viewIds, views, type SortId, type ViewId } from '#shared/dataset/marks';
import { changedOf } from '../../app/earlierChanges';
import { Job } from '../../app/jobs.svelte';
import { perProject } from '../../app/perProject';
import type { Studio } from '../../app/studio.svelte';
import { countClasses, countFlags, countSides, decodeOverview, passing, type Overview } from './overview';
import { keepInSight, nothingSelected, type WallSelection } from './selection';

/** Calls that change the curation. */
type CurationMethod = 'curation.edit' | 'curation.undo' | 'curation.redo';

/** What the user looks at; it stays while the page does, also when the room is left. */
class DataSession {
  view = $state<ViewId>('all');
  /** A class's name, null for pictures without one, undefined for all. */
  class = $state<string | null>();
  /** What the import noted; undefined for whatever it did. */
  flag = $state<PictureFlag>();
  /** Shorter sides of the files; undefined for all. */
  side = $state.raw<SideRange>();
  sort = $state<SortId>('added');
  /** Whether it was looked whether the files are still there. */
  checked = false;
}
const dataSession = perProject(() => new DataSession());

/** More pictures than this are not named one by one but by the view that they are. */
const NAMED_MAX = 100_000;

/** A project's pictures as the Data room shows and changes them. Whoever makes it closes it. */
export class DataDesk {
  readonly projectId: string;
  readonly session: DataSession;
  overview = $state.raw<Overview>();
  error = $state.raw<unknown>();
  /** Pictures whose files could not be read when they were to be cropped anew. */
  missing = $state.raw<MissingFiles>();
  /** Pictures whose files are not as they were, as the room found when it was opened. */
  astray = $state.raw<MissingFiles>();
  selection = $state.raw<WallSelection>(nothingSelected);
  /** What is known of the picture that the keyboard is at, or that was clicked last. */
  detail = $state.raw<PictureDetail>();
  /** A change that reads files, under way. */
  job = $state.raw<Job<CurationMethod>>();

  /** Places in the pack of the pictures on the wall, in the wall's order. */
  readonly shown = $derived.by((): Uint32Array => {
    const { overview } = this;
    if (!overview) return new Uint32Array(0);
    const places = overview.order ?? Uint32Array.from({ length: overview.count }, (_, picture) => picture);
    return places.filter(passing(overview, this.filter));
  });

  /** What is looked at, as the contract says it. */
  readonly filter = $derived.by((): PictureFilter => {
    const { view, class: name, flag, side } = this.session;
    return { view, ...(name !== undefined && { class: name }), ...(flag && { flag }), ...(side && { side }) };
  });

  /** Pictures of each view, of the class, the flag and the size that are looked at. */
  readonly counts = $derived.by((): Readonly<Record<ViewId, number>> => {
    const { overview } = this;
    if (!overview) return countViews(new Uint32Array(0), () => false);
    return countViews(overview.marks, passing(overview, { ...this.filter, view: 'all' }));
  });

  /** Pictures of each class, those without one first; of each flag of the import; of each range of sizes: of all. */
  readonly classCounts = $derived(this.overview ? countClasses(this.overview) : []);
  readonly flagCounts = $derived(this.overview ? countFlags(this.overview) : []);
  readonly sideCounts = $derived(this.overview ? countSides(this.overview) : []);

  /** Picture that the keyboard is at. */
  readonly focused = $derived(this.shown[this.selection.focus]);

  /** The wall that the selection's places are of: what is shown may have changed since. */
  #wall: Uint32Array = new Uint32Array(0);
  /** The picture that was asked about last. */
  #described: number | undefined;
  readonly #studio: Studio;
  readonly #ends: (() => void)[];
  /** What arrives after that is nobody's. */
  #closed = false;

  constructor(studio: Studio, projectId: string) {
    this.#studio = studio;
    this.projectId = projectId;
    this.session = dataSession(projectId);
    this.#ends = [
      studio.client.on('curation.changed', (change) => {
        if (change.projectId === projectId && change.curation.revision !== this.overview?.revision) void this.load();
      }),
    ];
  }

  close(): void {
    this.#closed = true;
    for (const end of this.#ends) end();
  }

  async load(): Promise<void> {
    const { sort } = this.session;
    try {
      const answer = await this.#studio.client.call('curation.overview', { projectId: this.projectId, sort });
      if (this.#closed || sort !== this.session.sort) return;
      this.error = undefined;
      this.overview = decodeOverview(answer);
      this.#leaveEmptyView();
      await this.describe();
    } catch (thrown) {
      this.error = thrown;
    }
  }

  /** Asks what is known of the picture at the focus. */
  async describe(): Promise<void> {
    const picture = this.focused;
    this.#described = picture;
    if (picture === undefined) {
      this.detail = undefined;
      return;
    }
    try {
      const [detail] = await this.#studio.client.call('curation.describe', {
        projectId: this.projectId,
        indices: [picture],
      });
      if (!this.#closed && picture === this.focused) this.detail = detail;
    } catch {
      // The wall's own error says it.
      this.detail = undefined;
    }
  }

  select(selection: WallSelection): void {
    this.selection = selection;
    this.#wall = this.shown;
    if (this.focused !== this.#described || !this.detail) void this.describe();
  }

  look(view: ViewId): void {
    this.session.view = view;
    this.#settle();
  }

  lookAtClass(name: string | null | undefined): void {
    this.session.class = name;
    this.#settle();
  }

  lookAtFlag(flag: PictureFlag | undefined): void {
    this.session.flag = flag;
    this.#settle();
  }

  lookAtSide(side: SideRange | undefined): void {
    this.session.side = side;
    this.#settle();
  }

  async sortBy(sort: SortId): Promise<void> {
    this.session.sort = sort;
    await this.load();
  }

  /** The selected pictures as the contract names them. */
  get selected(): Selection | undefined {
    const { pictures } = this.selection;
    if (pictures.size === 0) return undefined;
    if (pictures.size > NAMED_MAX && pictures.size === this.shown.length)
      return { kind: 'filter', filter: this.filter };
    return { kind: 'indices', indices: [...pictures] };
  }

  isExcluded(place: number): boolean {
    return inView('excluded', this.overview?.marks[place] ?? 0);
  }

  /** Whether a picture has a crop of its own. */
  hasOwnCrop(place: number): boolean {
    return ((this.overview?.marks[place] ?? 0) & markBit('fitted')) !== 0;
  }

  /** The class of the picture at a place in the pack. */
  classAt(place: number): string | undefined {
    return this.overview?.classes[(this.overview.classNumbers[place] ?? 0) - 1];
  }

  /** Excludes or includes what is selected; the selection stays, so that the opposite is one key away. */
  async exclude(excluded: boolean): Promise<void> {
    const pictures = this.selected;
    if (pictures) await this.edit({ kind: 'exclude', pictures, excluded });
  }

  /**
   * Changes the curation, with undo. Whether it could be done. An edit that keeps part of what it changes is made of the curation as it is when its turn comes:
   * of an older one it would take back what was done meanwhile.
   */
  edit(edit: CurationEdit | ((now: CurationSummary) => CurationEdit)): Promise<boolean> {
    return this.#studio.messages.inTurn(() => {
      const { project } = this.#studio;
      if (typeof edit !== 'function') return this.#edit(edit);
      return project?.summary.id === this.projectId ? this.#edit(edit(project.curation)) : Promise.resolve(false);
    });
  }

  async #edit(edit: CurationEdit): Promise<boolean> {
    const outcome = await this.#run('curation.edit', { projectId: this.projectId, edit });
    if (!outcome) return false;
    const { done } = outcome;
    if (done === undefined) {
      this.#studio.messages.note('Nothing to change');
      return true;
    }
    const { projectId } = this;
    this.#studio.messages.did(
      done,
      async () => void (await this.#mustRun('curation.undo', { projectId })),
      async () => void (await this.#mustRun('curation.redo', { projectId })),
    );
    return true;
  }

  async #run<M extends CurationMethod>(
    method: M,
    params: Omit<Params<M>, 'jobId'>,
  ): Promise<CurationOutcome | undefined> {
    try {
      return await this.#mustRun(method, params);
    } catch (thrown) {
      this.#studio.messages.failed(thrown);
      return undefined;
    }
  }

  async #mustRun<M extends CurationMethod>(method: M, params: Omit<Params<M>, 'jobId'>): Promise<CurationOutcome> {
    const job = new Job(this.#studio.client, method, params);
    this.job = job as unknown as Job<CurationMethod>;
    try {
      // All of these rows answer alike, which the type system cannot follow through the parameter.
      const outcome = (await job.result) as CurationOutcome;
      if (outcome.missing.count > 0) this.missing = outcome.missing;
      changedOf(outcome);
      this.#studio.takeCuration(this.projectId, outcome.curation);
      if (outcome.curation.revision !== this.overview?.revision) await this.load();
      return outcome;
    } finally {
      if (this.job?.id === job.id) this.job = undefined;
    }
  }

  /** Looks, once while the page is open, whether the files are still where they were. Nobody waits for it, and where it fails nothing is lost. */
  async checkFiles(): Promise<void> {
    const { session, projectId } = this;
    if (session.checked) return;
    session.checked = true;
    const found = await this.#studio.client.call('curation.checkFiles', { projectId }).catch(() => undefined);
    if (!this.#closed && found && found.count > 0) this.astray = found;
  }

  /** Looks for the files that could not be read, in what the user hands over. */
  async relink(sourceId: string): Promise<void> {
    try {
      const job = new Job(this.#studio.client, 'curation.relink', { projectId: this.projectId, sourceId });
      this.job = job as unknown as Job<CurationMethod>;
      const { found, missing } = await job.result;
      this.missing = missing.count > 0 ? missing : undefined;
      this.astray = undefined;
      this.session.checked = false;
      void this.checkFiles();
      this.#studio.messages.note(found === 1 ? 'Found 1 file' : `Found ${found} files`);
      await this.load();
    } catch (thrown) {
      this.#studio.messages.failed(thrown);
    } finally {
      this.job = undefined;
    }
  }

  /** A view whose last picture has gone would show nothing: all of them are shown instead. */
  #leaveEmptyView(): void {
    const { overview, session } = this;
    if (overview && typeof session.class === 'string' && !overview.classes.includes(session.class)) {
      session.class = undefined;
    }
    if (this.shown.length === 0) [session.flag, session.side] = [undefined, undefined];
    if (this.shown.length === 0 && session.view !== 'all') session.view = 'all';
    this.#settle();
  }

  /** Keeps what is selected and still in sight, and stays with the picture that was looked at. */
  #settle(): void {
    this.select(keepInSight(this.selection, this.#wall, this.shown));
  }
}

/** Views worth a chip: the first three always, others when they have pictures. */
export function viewsOnOffer(counts: Readonly<Record<ViewId, number>>, current: ViewId): readonly ViewId[] {
  const always: readonly ViewId[] = ['all', 'included', 'excluded'];
  return viewIds.filter((view) => always.includes(view) || counts[view] > 0 || view === current);
}

/** A view's name and what to do about its pictures. */
export const viewWords = (view: ViewId): { readonly title: string; readonly advice: string } => views[view];
