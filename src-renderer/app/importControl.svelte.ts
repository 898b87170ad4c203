import { toErrorData } from '#shared/contract/errors';
import type { Params, Result } from '#shared/contract/api';
import type { LiveImportReport } from '#shared/contract/events';
import type { DatasetSummary, ProjectDetail, SkippedFile } from '#shared/contract/types';
import { isVideoName } from '#shared/dataset/videoName';
import type { Offered, UploadProgress } from '../transport/client';
import { partVideos, type DroppedItems, type MadeFiles, type NamedFile } from '../transport/dropped';
import { formatCount, formatCounted } from '../ui/format';
import { stemOf } from '../video/frameChoice';
import { reportedVideo, type VideoFile } from '../video/videoFile';
import { importChoices, NEW_PROJECT } from './importChoices.svelte';
import { Job } from './jobs.svelte';
import type { Studio } from './studio.svelte';
import { timeLeft } from './timeLeft';
import { VideoQuestion } from './videoQuestion.svelte';

type Source = Params<'datasets.import'>['source'];
type Offer = Offered | undefined;

/** Where an import is: files on their way to the studio, pictures being decoded, or nothing going on. */
export type ImportState =
  | { readonly state: 'idle' }
  | {
      readonly state: 'uploading';
      readonly progress: UploadProgress;
      /** Of videos, which take time to decode. */
      readonly frames: boolean;
      readonly secondsLeft: number | undefined;
      readonly cancel: () => void;
    }
  | { readonly state: 'importing'; readonly job: Job<'datasets.import'> }
  | { readonly state: 'failed'; readonly error: unknown };

export interface ImportOutcome extends Result<'datasets.import'> {
  readonly projectId: string;
}

const UNNAMED = 'My pictures';

/** What an import brought, and what it did not: `Imported 2 pictures; 5 were there already, 1 file was not taken`. */
function importedNote({ added, duplicates, skippedCount }: DatasetSummary): string {
  const rest = [
    ...(duplicates > 0 ? [`${formatCount(duplicates)} ${duplicates === 1 ? 'was' : 'were'} there already`] : []),
    ...(skippedCount > 0
      ? [`${formatCounted(skippedCount, 'file')} ${skippedCount === 1 ? 'was' : 'were'} not taken (see the report)`]
      : []),
  ];
  const brought = added > 0 ? `Imported ${formatCounted(added, 'picture')}` : 'No new picture';
  return rest.length > 0 ? `${brought}; ${rest.join(', ')}` : brought;
}

/** Pictures into the open project, or into a new one named after their folder. */
export class ImportControl {
  current = $state.raw<ImportState>({ state: 'idle' });
  /** What the last import of this session did, for its one sentence. */
  outcome = $state.raw<ImportOutcome>();
  /** How many frames of the dropped videos are wanted, while that is asked. */
  question = $state.raw<VideoQuestion>();
  /** What the import under way has met so far. */
  report = $state.raw<LiveImportReport>();
  readonly busy = $derived(this.current.state === 'uploading' || this.current.state === 'importing');
  readonly #studio: Studio;
  /** Videos in folders that were dropped on this page, by project; the newest first. */
  #held: Readonly<Record<string, readonly NamedFile[]>> = {};

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** Dropped or chosen files. */
  async files(items: DroppedItems): Promise<void> {
    const { videos, others } = partVideos(items);
    const [first] = videos;
    if (!first) return void (await this.#run(items.folderName, () => this.#offer(items, undefined)));
    const files = videos.map((file) => ({ name: file.name, source: file }));
    await this.#ask(items.folderName ?? stemOf(first.name), files, others);
  }

  /** Frames of videos that an import met in a folder. */
  async videos(videos: readonly VideoFile[]): Promise<void> {
    await this.#ask(undefined, videos, { folderName: undefined, files: [], entries: [] });
  }

  /** A video that an import's report names, if its frames can be taken: the page still has it, or the studio reads it. */
  videoOf(projectId: string, number: number, { file: name, code, video }: SkippedFile): VideoFile | undefined {
    if (code !== 'video' || !isVideoName(name)) return undefined;
    const held = this.#held[projectId]?.find((one) => one.name === name);
    if (held) return { name, source: held.file };
    if (video === undefined) return undefined;
    return { name, source: reportedVideo(this.#studio.client, { projectId, import: number, video }) };
  }

  async #ask(name: string | undefined, videos: readonly VideoFile[], others: DroppedItems): Promise<void> {
    if (this.#refuses()) return;
    const question = new VideoQuestion(videos, others.files.length);
    try {
      this.question = question;
      const goOn = await question.answer;
      this.question = undefined;
      if (!goOn) return;
      const done = await this.#run(name, () => this.#offer(others, question.made()));
      if (done && question.broken) this.#fail(question.broken);
    } finally {
      question.close();
    }
  }

  /** Hands over what was dropped, and the frames of the videos among it. */
  #offer(items: DroppedItems, made: MadeFiles | undefined): Promise<Offer> {
    const abort = new AbortController();
    const began = performance.now();
    const show = (progress: UploadProgress) => {
      const { done, total } = progress;
      const secondsLeft =
        made && total !== undefined ? timeLeft((performance.now() - began) / 1000, done, total) : undefined;
      const frames = made !== undefined;
      this.current = { state: 'uploading', progress, frames, secondsLeft, cancel: () => abort.abort() };
    };
    show({ done: 0, total: made?.count, bytes: 0 });
    return this.#studio.client.offerFiles(items, { onProgress: show, signal: abort.signal, made });
  }

  /** The system's own folder dialog (desktop only). */
  async choose(): Promise<void> {
    await this.#run(undefined, () => this.#studio.client.chooseFolder?.() ?? Promise.resolve(undefined));
  }

  /** The bundled sample set. */
  async sample(): Promise<void> {
    await this.#run('Sample pictures', () => Promise.resolve('sample' as const));
  }

  dismiss(): void {
    if (this.busy) return;
    this.current = { state: 'idle' };
    this.#studio.messages.settle();
  }

  /** Whether something is going on; then it is said. */
  #refuses(): boolean {
    const refused = this.busy || this.question !== undefined;
    if (refused) this.#studio.messages.note('An import is going on; drop more when it is done.');
    return refused;
  }

  /** Whether something was imported. */
  async #run(name: string | undefined, offer: () => Promise<Offer | 'sample'>): Promise<boolean> {
    const studio = this.#studio;
    if (this.#refuses()) return false;
    // What failed before is being tried again.
    studio.messages.settle();
    try {
      const offered = await offer();
      if (!offered) {
        this.#end();
        return false;
      }
      const source: Source =
        offered === 'sample' ? { kind: 'sample' } : { kind: 'offered', sourceId: offered.sourceId };
      const project = studio.project ?? (await this.#begin(name ?? UNNAMED));
      studio.room = 'data';
      if (offered !== 'sample') this.#hold(project.summary.id, offered.videos ?? []);
      await this.#import(project, source, offered === 'sample' ? undefined : offered.leftOut);
      return true;
    } catch (thrown) {
      this.#fail(thrown);
      return false;
    }
  }

  /** A new project, with what was chosen before there was one. */
  async #begin(name: string): Promise<ProjectDetail> {
    const project = await this.#studio.create(name);
    importChoices(project.summary.id).takeFrom(importChoices(NEW_PROJECT));
    return project;
  }

  #hold(projectId: string, videos: readonly NamedFile[]): void {
    this.#held = { ...this.#held, [projectId]: [...videos, ...(this.#held[projectId] ?? [])] };
  }

  #fail(thrown: unknown): void {
    const cancelled = toErrorData(thrown).code === 'job.cancelled';
    this.current = cancelled ? { state: 'idle' } : { state: 'failed', error: thrown };
    this.#studio.messages.failed(thrown);
  }

  async #import({ summary, dataset }: ProjectDetail, source: Source, leftOut: Offered['leftOut']): Promise<void> {
    const studio = this.#studio;
    const projectId = summary.id;
    const choices = importChoices(projectId).of(dataset);
    const job = new Job(studio.client, 'datasets.import', { projectId, source, leftOut, ...choices });
    this.current = { state: 'importing', job };
    const unlisten = studio.client.on('import.report', (report) => {
      if (report.jobId === job.id) this.report = report;
    });
    const result = await job.result.finally(() => {
      unlisten();
      this.report = undefined;
    });
    // The event may come before or after the answer; both tell the same.
    const project = await studio.client.call('projects.open', { projectId });
    if (studio.project?.summary.id === projectId) studio.takeProject(project);
    this.outcome = { ...result, projectId };
    this.#end();
    studio.messages.note(importedNote(result.dataset));
  }

  #end(): void {
    this.current = { state: 'idle' };
  }
}
