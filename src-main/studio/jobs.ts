import { randomUUID } from 'node:crypto';
import { GanvasError } from '#shared/contract/errors';
import type { AreaHandlers } from './handlers';
import type { EventHub } from './eventHub';

const PROGRESS_EVERY_MS = 100;
/** Before this share is done, a guess of the time left jumps too much to be shown. */
const GUESS_FROM_FRACTION = 0.05;

/** What a long call gets: whether it was cancelled, and where it tells its progress. */
export interface Job {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly progress: (label: string, done: number, total: number | undefined) => void;
}

/** The long calls under way. Each streams `job.progress` under its id and obeys `jobs.cancel`. */
export class Jobs {
  readonly #events: EventHub;
  readonly #now: () => number;
  readonly #running = new Map<string, AbortController>();

  /** `now`: a monotonic clock, milliseconds. */
  constructor(events: EventHub, now: () => number = () => performance.now()) {
    this.#events = events;
    this.#now = now;
  }

  /** Runs `work` as the job `jobId`; when it fails after a cancel, that is `job.cancelled`, after {@link close} `program.closing`, whatever it made of the signal. */
  async run<T>(jobId: string = randomUUID(), work: (job: Job) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#running.set(jobId, controller);
    const began = this.#now();
    let told = Number.NEGATIVE_INFINITY;
    const progress: Job['progress'] = (label, done, total) => {
      const now = this.#now();
      const last = total !== undefined && done >= total;
      if (now - told < PROGRESS_EVERY_MS && !last) return;
      told = now;
      const fraction = total ? done / total : 0;
      const secondsLeft =
        fraction >= GUESS_FROM_FRACTION ? ((now - began) / 1000) * ((1 - fraction) / fraction) : undefined;
      this.#events.emit('job.progress', { jobId, label, done, total, secondsLeft });
    };
    try {
      return await work({ id: jobId, signal: controller.signal, progress });
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      if (this.#running.get(jobId) === controller) this.#running.delete(jobId);
    }
  }

  cancel(jobId: string): boolean {
    const controller = this.#running.get(jobId);
    controller?.abort(new GanvasError('job.cancelled'));
    return controller !== undefined;
  }

  /** Ends all of them. They are told that it is not their user who gives them up: what they did may be kept. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort(new GanvasError('program.closing'));
  }
}

/** What a promise gives, or a rejection as soon as the job is cancelled: for work that cannot be stopped itself. */
export function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancelled = () => reject(new GanvasError('job.cancelled'));
    if (signal.aborted) cancelled();
    signal.addEventListener('abort', cancelled, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancelled));
  });
}

export function jobHandlers({ jobs }: { readonly jobs: Jobs }): AreaHandlers<'jobs'> {
  return { 'jobs.cancel': ({ jobId }) => ({ cancelled: jobs.cancel(jobId) }) };
}
