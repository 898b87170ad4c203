import { toErrorData } from '#shared/contract/errors';
import type { Params, Result } from '#shared/contract/api';
import type { DatasetSummary } from '#shared/contract/types';
import type { Client, UploadProgress } from '../transport/client';
import type { DroppedItems } from '../transport/dropped';
import { formatCount, formatCounted } from '../ui/format';
import { Job } from './jobs.svelte';
import type { Studio } from './studio.svelte';

type Source = Params<'datasets.import'>['source'];
type Offer = Awaited<ReturnType<NonNullable<Client['chooseFolder']>>>;

/** Where an import is: files on their way to the studio, pictures being decoded, or nothing going on. */
export type ImportState =
  | { readonly state: 'idle' }
  | { readonly state: 'uploading'; readonly progress: UploadProgress; readonly cancel: () => void }
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
  readonly busy = $derived(this.current.state === 'uploading' || this.current.state === 'importing');
  readonly #studio: Studio;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** Dropped or chosen files. */
  async files(items: DroppedItems): Promise<void> {
    const abort = new AbortController();
    const show = (progress: UploadProgress) => {
      this.current = { state: 'uploading', progress, cancel: () => abort.abort() };
    };
    await this.#run(items.folderName, async () => {
      show({ done: 0, total: undefined, bytes: 0 });
      return this.#studio.client.offerFiles(items, { onProgress: show, signal: abort.signal });
    });
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

  async #run(name: string | undefined, offer: () => Promise<Offer | 'sample'>): Promise<void> {
    const studio = this.#studio;
    if (this.busy) return studio.messages.note('An import is going on; drop more when it is done.');
    // What failed before is being tried again.
    studio.messages.settle();
    try {
      const offered = await offer();
      if (!offered) return this.#end();
      const source: Source =
        offered === 'sample' ? { kind: 'sample' } : { kind: 'offered', sourceId: offered.sourceId };
      const project = studio.project ?? (await studio.create(name ?? UNNAMED));
      studio.room = 'data';
      await this.#import(project.summary.id, source);
    } catch (thrown) {
      const cancelled = toErrorData(thrown).code === 'job.cancelled';
      this.current = cancelled ? { state: 'idle' } : { state: 'failed', error: thrown };
      studio.messages.failed(thrown);
    }
  }

  async #import(projectId: string, source: Source): Promise<void> {
    const studio = this.#studio;
    const job = new Job(studio.client, 'datasets.import', { projectId, source });
    this.current = { state: 'importing', job };
    const result = await job.result;
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
