import { createHash } from 'node:crypto';
import type { PictureFit } from '#shared/contract/types';
import { fitKey } from '#shared/dataset/fit';
import { digestAt, type RecordColumns } from './records';

/** Identity of a pack's content: its pictures' hashes in their order, the classes of those that have one, and what they were made into. */
export class PackHash {
  readonly #hash = createHash('sha256');
  #count = 0;

  constructor(size: number, channels: number, fit: PictureFit) {
    this.#hash.update(`${size}x${size}x${channels}`);
    // Packs that knew no other way are still themselves.
    if (fit.crop !== 'centre' || fit.background !== '#ffffff' || fit.region) this.#hash.update(JSON.stringify(fit));
  }

  /** The next pictures; `classOf` names the class of the pack's n-th, if it has one. */
  add(records: RecordColumns, classOf: (picture: number) => string | undefined): void {
    for (let index = 0; index < records.count; index++) {
      const name = classOf(this.#count++);
      const sha256 = digestAt(records, index);
      this.#hash.update(name === undefined ? `\n${sha256}` : `\n${sha256} ${name}`);
    }
  }

  /** The pictures that became squares in a way of their own. */
  addFits(fits: readonly (readonly [id: string, fit: PictureFit])[]): void {
    for (const [id, fit] of fits) this.#hash.update(`\n${id} ${fitKey(fit)}`);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}
