import type { SampleSheet, TrainingReport } from '#shared/contract/types';
import type { Client } from '../../transport/client';
import { appendReport } from './reportLog';

/** Points of the history asked for on opening; more than a chart has pixels. */
const HISTORY_POINTS = 2000;
/** The studio keeps a sheet every ten seconds at most, so asking more often for the list tells nothing new. */
const KEPT_STEPS_EVERY_MS = 10_000;

/** Reports and sample sheets of a project's newest run: what is on disk first, then what events bring. Whoever makes it closes it. */
export class TrainLive {
  /** Oldest first. */
  reports = $state.raw<readonly TrainingReport[]>([]);
  /** Newest pictures of the fixed latents. */
  newest = $state.raw<SampleSheet>();
  /** Steps whose pictures were kept, oldest first. */
  keptSteps = $state.raw<readonly number[]>([]);
  /** Index into {@link keptSteps}; undefined: the newest pictures are followed. */
  place = $state<number>();
  /** Pictures on the wall. */
  readonly shown = $derived.by(() => (this.place === undefined ? this.newest : (this.#past ?? this.newest)));
  loading = $state(true);
  error = $state.raw<unknown>();
  #past = $state.raw<SampleSheet>();
  #runId: string | undefined;
  #askedKeptAt = 0;
  #fetching = false;
  readonly #client: Client;
  readonly #projectId: string;
  readonly #ends: readonly (() => void)[];

  constructor(client: Client, projectId: string) {
    this.#client = client;
    this.#projectId = projectId;
    this.#ends = [
      client.on('training.report', ({ projectId: of, runId, report }) => {
        if (of !== projectId) return;
        this.#enter(runId);
        this.reports = appendReport(this.reports, report);
      }),
      client.on('training.samples', ({ projectId: of, sheet }) => {
        if (of !== projectId) return;
        this.#enter(sheet.runId);
        this.newest = sheet;
        if (performance.now() - this.#askedKeptAt > KEPT_STEPS_EVERY_MS) this.#refreshKeptSteps();
      }),
    ];
  }

  /** Loads what is on disk; reports that came by event meanwhile are kept behind it. */
  async load(): Promise<void> {
    const projectId = this.#projectId;
    this.loading = true;
    this.error = undefined;
    try {
      const history = await this.#client.call('training.history', { projectId, points: HISTORY_POINTS });
      if (this.#runId === undefined || this.#runId === history.runId) {
        this.#runId = history.runId;
        this.reports = this.reports.reduce((log, report) => appendReport(log, report), [...history.reports]);
      }
      await this.#askKeptSteps();
      const last = this.keptSteps.at(-1);
      if (last !== undefined) this.newest ??= await this.#client.call('training.samplesAt', { projectId, step: last });
    } catch (thrown) {
      this.error = thrown;
    } finally {
      this.loading = false;
    }
  }

  /** Shows the pictures of a kept step, or follows the newest again. While one loads, the last shown stay; of many asked for, the last one counts. */
  async scrubTo(place: number | undefined): Promise<void> {
    this.place = place;
    if (place === undefined) this.#past = undefined;
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      while (this.place !== undefined) {
        const wanted: number = this.place;
        const step = this.keptSteps[wanted];
        if (step === undefined) break;
        this.#past = await this.#client.call('training.samplesAt', { projectId: this.#projectId, step });
        if (this.place === wanted) break;
      }
    } catch (thrown) {
      this.error = thrown;
    } finally {
      this.#fetching = false;
    }
  }

  close(): void {
    for (const end of this.#ends) end();
  }

  /** A report or sheet of another run than the one shown begins anew. */
  #enter(runId: string): void {
    if (this.#runId === runId) return;
    if (this.#runId !== undefined) {
      this.reports = [];
      this.keptSteps = [];
      this.newest = undefined;
      this.place = undefined;
    }
    this.#runId = runId;
  }

  #refreshKeptSteps(): void {
    this.#askKeptSteps().catch((thrown: unknown) => (this.error = thrown));
  }

  async #askKeptSteps(): Promise<void> {
    this.#askedKeptAt = performance.now();
    this.keptSteps = await this.#client.call('training.sampleSteps', { projectId: this.#projectId });
  }
}
