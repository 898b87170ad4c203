import { randomUUID } from 'node:crypto';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';

/** Files and folders handed over by drop, dialog or upload, until they are imported. Pages know them by an id alone. */
export class Offers {
  readonly #paths = new Map<string, readonly string[]>();

  add(paths: readonly string[]): string {
    const id = randomUUID();
    this.#paths.set(id, paths);
    const [oldest] = this.#paths.keys();
    if (this.#paths.size > limits.offersWaiting && oldest !== undefined) this.#paths.delete(oldest);
    return id;
  }

  paths(id: string): readonly string[] {
    return this.#paths.get(id) ?? fail('dataset.source-unknown');
  }
}
