import type { ExportReady } from '#shared/contract/types';
import type { JobProgress } from '#shared/contract/events';
import { GanvasError } from '#shared/contract/errors';
import type { Job } from './jobs.svelte';
import type { Studio } from './studio.svelte';
import { formatBytes } from '../ui/format';

/** Where one export stands. */
export type SaveState =
  | { readonly state: 'idle' }
  | { readonly state: 'making' }
  | { readonly state: 'saved'; readonly words: string }
  | { readonly state: 'failed'; readonly error: unknown };

/** An export that takes its time. */
type ExportJob = Pick<
  Job<'export.animation' | 'export.trainingPictures'>,
  'progress' | 'cancelling' | 'cancel' | 'result'
>;

/** One export: made by the studio, then saved by the host, then a line that says where it went. */
export class SaveRun {
  current = $state.raw<SaveState>({ state: 'idle' });
  #job = $state.raw<ExportJob>();
  readonly #studio: Studio;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** Progress of a long export; undefined for quick ones and before the first report. */
  get progress(): JobProgress | undefined {
    return this.#job?.progress;
  }

  get cancellable(): boolean {
    return this.#job !== undefined && !this.#job.cancelling;
  }

  /** A quick export. */
  save(make: () => Promise<ExportReady>): Promise<void> {
    return this.#run(make);
  }

  /** A long export, with progress and cancel. */
  saveJob(start: () => ExportJob): Promise<void> {
    return this.#run(async () => {
      const job = start();
      this.#job = job;
      return job.result;
    });
  }

  async cancel(): Promise<void> {
    try {
      await this.#job?.cancel();
    } catch (thrown) {
      this.#studio.messages.failed(thrown);
    }
  }

  async #run(make: () => Promise<ExportReady>): Promise<void> {
    if (this.current.state === 'making') return;
    this.current = { state: 'making' };
    try {
      const ready = await make();
      const { saved, path } = await this.#studio.client.save(ready);
      this.current = saved ? { state: 'saved', words: savedWords(ready, path) } : { state: 'idle' };
      if (saved) this.#studio.messages.note(savedWords(ready, path));
    } catch (thrown) {
      const cancelled = thrown instanceof GanvasError && thrown.code === 'job.cancelled';
      this.current = cancelled ? { state: 'idle' } : { state: 'failed', error: thrown };
      this.#studio.messages.failed(thrown);
    } finally {
      this.#job = undefined;
    }
  }
}

/** A browser does not say where its downloads go; the desktop does. */
function savedWords({ fileName, bytes }: ExportReady, path: string | undefined): string {
  return path === undefined
    ? `Downloaded ${fileName} (${formatBytes(bytes)})`
    : `Saved ${path} (${formatBytes(bytes)})`;
}
