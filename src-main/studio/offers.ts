import { randomUUID } from 'node:crypto';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureSource } from '../store/dataset/types';

interface Offer {
  readonly paths: readonly string[];
  readonly adopted: readonly string[];
}

/** Files and folders handed over by drop, dialog or upload, until they are imported. Pages know them by an id alone. */
export class Offers {
  readonly #paths = new Map<string, Offer>();

  /** `adopted`: further files, the program's own to keep; whoever takes them moves them. */
  add(paths: readonly string[], adopted: readonly string[] = []): string {
    const id = randomUUID();
    this.#paths.set(id, { paths, adopted });
    const [oldest] = this.#paths.keys();
    if (this.#paths.size > limits.offersWaiting && oldest !== undefined) this.#paths.delete(oldest);
    return id;
  }

  /** What was handed over, as an import takes it. */
  sources(id: string): readonly PictureSource[] {
    const { paths, adopted } = this.#paths.get(id) ?? fail('dataset.source-unknown');
    const sources = (of: readonly string[], adopt: boolean) =>
      of.map((path) => ({ kind: 'path', path, adopt }) as const);
    return [...sources(paths, false), ...sources(adopted, true)];
  }
}
