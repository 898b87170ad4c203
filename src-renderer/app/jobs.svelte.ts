import type { Api, Method, Params, Result } from '#shared/contract/api';
import type { JobProgress } from '#shared/contract/events';
import type { Client } from '../transport/client';

/** Calls that stream progress: those whose params carry a `jobId`. */
export type JobMethod = { [M in Method]: 'jobId' extends keyof Params<M> ? M : never }[Method] & keyof Api;

/** A long call under way. `progress` is reactive; undefined until the first report. */
export class Job<M extends JobMethod> {
  readonly id = crypto.randomUUID();
  progress = $state.raw<JobProgress>();
  cancelling = $state(false);
  /** Rejects with `job.cancelled` after {@link cancel}. */
  readonly result: Promise<Result<M>>;
  readonly #client: Client;

  constructor(client: Client, method: M, params: Omit<Params<M>, 'jobId'>) {
    this.#client = client;
    const end = client.on('job.progress', (progress) => {
      if (progress.jobId === this.id) this.progress = progress;
    });
    this.result = client.call(method, { ...params, jobId: this.id } as Params<M>).finally(end);
  }

  async cancel(): Promise<void> {
    this.cancelling = true;
    await this.#client.call('jobs.cancel', { jobId: this.id });
  }
}
