import { randomUUID } from 'node:crypto';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { ExportReady } from '#shared/contract/types';

interface Finished {
  readonly fileName: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/** Finished exports that wait to be saved, in memory: the oldest go when there are too many, and each after a while. */
export class ExportShelf {
  readonly #waiting = new Map<string, Finished & { readonly until: number }>();
  readonly #now: () => number;

  /** `now`: a monotonic clock, milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  put(finished: Finished): ExportReady {
    const exportId = randomUUID();
    this.#waiting.set(exportId, { ...finished, until: this.#now() + limits.exportWaitMs });
    this.#tidy();
    const { fileName, mime, bytes } = finished;
    return { exportId, fileName, mime, bytes: bytes.length };
  }

  /** A finished export; it stays, so that saving it can be tried again. `export.unknown` when it is gone. */
  get(exportId: string): Finished {
    this.#tidy();
    const { fileName, mime, bytes } = this.#waiting.get(exportId) ?? fail('export.unknown');
    return { fileName, mime, bytes };
  }

  /** The newest always stays, however large. */
  #tidy(): void {
    let count = this.#waiting.size;
    let bytes = [...this.#waiting.values()].reduce((sum, waiting) => sum + waiting.bytes.length, 0);
    for (const [id, waiting] of this.#waiting) {
      const tooMany = count > limits.exportsWaiting || (bytes > limits.exportsWaitingBytes && count > 1);
      if (!tooMany && waiting.until > this.#now()) continue;
      this.#waiting.delete(id);
      count--;
      bytes -= waiting.bytes.length;
    }
  }
}
