import type { ImportReport } from '../store/dataset/types';
import type { EventHub } from './eventHub';

const REPORT_EVERY_MS = 250;

/** Tells `import.report` of one job: what grows while an event waits goes with it. Whoever makes it ends it. */
export class ImportReporter {
  readonly #events: EventHub;
  readonly #jobId: string;
  #latest: (() => ImportReport) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(events: EventHub, jobId: string) {
    this.#events = events;
    this.#jobId = jobId;
  }

  readonly grown = (report: () => ImportReport): void => {
    this.#latest = report;
    this.#timer ??= setTimeout(() => this.#tell(), REPORT_EVERY_MS);
  };

  /** Tells the last of it, if that was not told. */
  end(): void {
    if (this.#timer) this.#tell();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#latest) this.#events.emit('import.report', { jobId: this.#jobId, ...this.#latest() });
  }
}
