import { randomUUID } from 'node:crypto';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureSource } from '../store/dataset/types';

interface Offer {
  readonly paths: readonly string[];
  readonly adopt: boolean;
}

/** Files and folders handed over by drop, dialog or upload, until they are imported. Pages know them by an id alone. */
export class Offers {
  readonly #paths = new Map<string, Offer>();

  /** `adopt`: the files are the program's own to keep; whoever takes them moves them. */
  add(paths: readonly string[], adopt = false): string {
    const id = randomUUID();
    this.#paths.set(id, { paths, adopt });
    const [oldest] = this.#paths.keys();
    if (this.#paths.size > limits.offersWaiting && oldest !== undefined) this.#paths.delete(oldest);
    return id;
  }

  /** What was handed over, as an import takes it. */
  sources(id: string): readonly PictureSource[] {
    const { paths, adopt } = this.#paths.get(id) ?? fail('dataset.source-unknown');
    return paths.map((path) => ({ kind: 'path', path, adopt }));
  }
}
