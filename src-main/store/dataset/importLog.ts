import { limits } from '#shared/contract/limits';
import { codesOf } from '#shared/contract/reportCodes';
import type { NewestFile } from '#shared/contract/events';
import type { DuplicateFile, MendedFile, ReportCode, ReportedFile, SkippedFile } from '#shared/contract/types';
import type { ImportOptions, ImportReport } from './types';

/** Files that are named when none is a picture. */
const EXAMPLES = 3;

/** What an import says of its files, while it goes on: counts, and of the files themselves as many as are shown at once. */
export class ImportLog {
  readonly #onReport: ImportOptions['onReport'];
  readonly #byCode = new Map<ReportCode, number>();
  readonly #skipped: SkippedFile[] = [];
  /** Twice as many as are told at most, so that they are not moved with each file. */
  #newest: NewestFile[] = [];
  #skippedCount = 0;
  #duplicates = 0;
  #added = 0;

  constructor(onReport: ImportOptions['onReport']) {
    this.#onReport = onReport;
  }

  /** The first files that were not taken. */
  get skipped(): readonly SkippedFile[] {
    return this.#skipped;
  }

  get skippedCount(): number {
    return this.#skippedCount;
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  /** Files with a code. */
  count(code: ReportCode): number {
    return this.#byCode.get(code) ?? 0;
  }

  /** The first skipped files with their reasons. */
  get examples(): string {
    const named = this.#skipped.slice(0, EXAMPLES).map(({ file, code, detail }) => `${file} (${detail ?? code})`);
    return `${named.join(', ')}${this.#skippedCount > EXAMPLES ? ', …' : ''}`;
  }

  /** A file that is not taken. */
  skip({ file, code, detail }: SkippedFile): void {
    const skipped = { file: cut(file), code, ...(detail !== undefined && { detail: cut(detail) }) };
    this.#skippedCount += 1;
    if (this.#skipped.length < limits.skippedListed) this.#skipped.push(skipped);
    this.#note(skipped);
  }

  /** More files that are not taken, which nobody can name. */
  skipUnnamed(count: number): void {
    this.#skippedCount += count;
  }

  /** Pictures that were added, and what was mended of them. */
  add(pictures: number, mended: Iterable<MendedFile>): void {
    this.#added += pictures;
    for (const { file, flags } of mended) this.#note({ file: cut(file), flags });
    this.#grown();
  }

  /** A file whose picture is there. The very file that was imported before is nothing to tell of, but for its class. */
  duplicate({ file, picture, ...rest }: DuplicateFile): void {
    this.#duplicates += 1;
    if (rest.code !== 'again' || rest.conflict) {
      this.#note({ file: cut(file), picture: { ...picture, name: cut(picture.name) }, ...rest });
    } else {
      this.#countCode(rest.code);
      this.#grown();
    }
  }

  readonly report = (): ImportReport => ({
    added: this.#added,
    duplicates: this.#duplicates,
    skippedCount: this.#skippedCount,
    byCode: Object.fromEntries(this.#byCode),
    newest: this.#newest.slice(-limits.newestReported).toReversed(),
  });

  #note(file: ReportedFile): void {
    const codes = codesOf(file);
    for (const code of codes) this.#countCode(code);
    if (this.#newest.push({ file: file.file, codes }) >= 2 * limits.newestReported) {
      this.#newest = this.#newest.slice(-limits.newestReported);
    }
    this.#grown();
  }

  #countCode(code: ReportCode): void {
    this.#byCode.set(code, this.count(code) + 1);
  }

  #grown(): void {
    this.#onReport?.(this.report);
  }
}

/** Names come from archives too, which may make them as long as they like. */
const cut = (text: string) => (text.length > limits.reportedText ? `${text.slice(0, limits.reportedText)}…` : text);
