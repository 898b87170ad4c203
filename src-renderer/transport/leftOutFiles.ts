import { limits } from '#shared/contract/limits';
import type { LeftOut, LeftOutCode } from '#shared/dataset/leftOut';

/** Gathers the files of a drop that cannot be handed over, for the import's report. */
export class LeftOutFiles {
  readonly #files: LeftOut['files'] = [];
  #count = 0;

  add(name: string, code: LeftOutCode, detail: string): void {
    this.#count += 1;
    if (this.#files.length >= limits.leftOutListed) return;
    this.#files.push({ file: shorten(name), code, detail: shorten(detail) });
  }

  /** Undefined when all was handed over. */
  get all(): LeftOut | undefined {
    return this.#count > 0 ? { count: this.#count, files: this.#files } : undefined;
  }
}

const shorten = (text: string): string =>
  text.length > limits.leftOutText ? `${text.slice(0, limits.leftOutText - 1)}…` : text;
