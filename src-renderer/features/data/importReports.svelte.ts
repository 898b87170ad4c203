import type { ImportSummary, ReportCode, ReportedFile, ReportedFiles } from '#shared/contract/types';
import type { Client } from '../../transport/client';

/** Files of a report that are asked for at a time. */
const PAGE = 50;

/** The reports of a project's imports, and the one that is looked at. */
export class ImportReports {
  list = $state.raw<readonly ImportSummary[]>([]);
  error = $state.raw<unknown>();
  #chosen = $state<number>();
  /** The newest, unless another was chosen. */
  readonly current = $derived.by(() => this.list.find((one) => one.import === this.#chosen) ?? this.list[0]);
  readonly #client: Client;
  readonly #projectId: string;

  constructor(client: Client, projectId: string) {
    this.#client = client;
    this.#projectId = projectId;
  }

  choose(number: number): void {
    this.#chosen = number;
  }

  async load(): Promise<void> {
    try {
      const list = await this.#client.call('datasets.reports', { projectId: this.#projectId });
      // What just came is what is to be seen.
      if (list[0]?.import !== this.list[0]?.import) this.#chosen = undefined;
      this.list = list;
      this.error = undefined;
    } catch (thrown) {
      this.error = thrown;
    }
  }

  files(number: number, code: ReportCode): ReportedList {
    return new ReportedList(this.#client, this.#projectId, number, code);
  }
}

/** The files of a report with one code, as many as were asked for. */
export class ReportedList {
  files = $state.raw<readonly ReportedFile[]>([]);
  places = $state.raw<ReportedFiles['places']>({});
  error = $state.raw<unknown>();
  more = $state(true);
  /** Its number. */
  readonly import: number;
  readonly #client: Client;
  readonly #wanted: { readonly projectId: string; readonly import: number; readonly code: ReportCode };
  #next = 0;

  constructor(client: Client, projectId: string, number: number, code: ReportCode) {
    this.import = number;
    this.#client = client;
    this.#wanted = { projectId, import: number, code };
  }

  /** The next ones. */
  async load(): Promise<void> {
    try {
      const wanted = { ...this.#wanted, from: this.#next, count: PAGE };
      const { files, next, places } = await this.#client.call('datasets.reportedFiles', wanted);
      this.files = [...this.files, ...files];
      this.places = { ...this.places, ...places };
      this.more = next !== undefined;
      this.#next = next ?? 0;
      this.error = undefined;
    } catch (thrown) {
      this.error = thrown;
    }
  }
}
