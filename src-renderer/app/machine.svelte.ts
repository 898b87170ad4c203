import type { DoctorFinding, EngineId, MachineInfo, ProviderId } from '#shared/contract/types';
import type { Client } from '../transport/client';
import { Job } from './jobs.svelte';

/** What is known of the machine that computes, and the examination that finds it out. */
export class Machine {
  /** Undefined until the studio has answered. */
  info = $state.raw<MachineInfo>();
  /** The examination under way. */
  examination = $state.raw<Job<'app.doctor'>>();
  /** Why the last examination failed. */
  error = $state.raw<unknown>();
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** An engine's finding on a provider. */
  findingOn(engine: EngineId, provider: ProviderId): DoctorFinding | undefined {
    return this.info?.report?.findings.find((one) => one.engine === engine && one.provider === provider);
  }

  /** Asks for what is known. Without an answer nothing is, which is no failure: a start finds out. */
  async load(): Promise<void> {
    this.info = await this.#client.call('app.machine', {}).catch(() => this.info);
  }

  /** Tries everything anew; the findings are there when it is done. */
  async examine(): Promise<void> {
    if (this.examination) return;
    this.error = undefined;
    this.examination = new Job(this.#client, 'app.doctor', {});
    try {
      await this.examination.result;
    } catch (thrown) {
      this.error = thrown;
    }
    this.examination = undefined;
    await this.load();
  }
}
