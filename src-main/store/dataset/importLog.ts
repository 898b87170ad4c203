import { basename } from 'node:path';
import { toErrorData } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { codesOf } from '#shared/contract/reportCodes';
import type { NewestFile } from '#shared/contract/events';
import type {
  DuplicateFile,
  ImportCounts,
  MendedFile,
  ReportCode,
  ReportedFile,
  SkippedFile,
} from '#shared/contract/types';
import type { Project } from '../project';
import { ReportWriter } from './reportWriter';
import type { ReportedVideo } from './reportFiles';
import type { ImportOptions, ImportReport, PictureSource } from './types';

/** Files that are named when none is a picture. */
const EXAMPLES = 3;
/** Sources that a report names. */
const SOURCES = 8;

/**
 * What an import says of its files, while it goes on: counts, and of the files themselves as many as are shown at once; all of them go to its report on the disk.
 * Whoever makes it ends it: with `seal` and `keep`, or with `fail`.
 */
export class ImportLog {
  readonly #at = new Date().toISOString();
  readonly #from: readonly string[];
  readonly #writer: ReportWriter;
  readonly #onReport: ImportOptions['onReport'];
  readonly #byCode = new Map<ReportCode, number>();
  readonly #skipped: SkippedFile[] = [];
  /** Twice as many as are told at most, so that they are not moved with each file. */
  #newest: NewestFile[] = [];
  #kept = false;
  #skippedCount = 0;
  #duplicates = 0;
  #added = 0;

  constructor(project: Pick<Project, 'dir'>, sources: readonly PictureSource[], onReport: ImportOptions['onReport']) {
    this.#from = sources.slice(0, SOURCES).map(({ path }) => cut(basename(path)));
    this.#writer = new ReportWriter(project);
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

  /** A file that is not taken; `path`: of a video, where it is read again. */
  async skip({ file, code, detail }: SkippedFile, path?: string): Promise<void> {
    const skipped = { file: cut(file), code, ...(detail !== undefined && { detail: cut(detail) }) };
    this.#skippedCount += 1;
    if (this.#skipped.length < limits.skippedListed) this.#skipped.push(skipped);
    await this.#note(path === undefined ? skipped : { ...skipped, path });
  }

  /** More files that are not taken, which nobody can name. */
  skipUnnamed(count: number): void {
    this.#skippedCount += count;
  }

  /** Pictures that were added, and what was mended of them. */
  async add(pictures: number, mended: Iterable<MendedFile>): Promise<void> {
    this.#added += pictures;
    for (const { file, flags } of mended) await this.#note({ file: cut(file), flags });
    this.#grown();
  }

  /** A file whose picture is there. The very file that was imported before is nothing to tell of, but for its class. */
  async duplicate({ file, picture, ...rest }: DuplicateFile): Promise<void> {
    this.#duplicates += 1;
    if (rest.code !== 'again' || rest.conflict) {
      await this.#note({ file: cut(file), picture: { ...picture, name: cut(picture.name) }, ...rest });
    } else {
      this.#countCode(rest.code);
      this.#grown();
    }
  }

  readonly report = (): ImportReport => ({
    ...this.#counts,
    newest: this.#newest.slice(-limits.newestReported).toReversed(),
  });

  /** Makes the report of an import that is as good as done durable; it counts when that is done: see `keep`. */
  seal(): Promise<void> {
    return this.#writer.seal({ ...this.#summary, outcome: 'done' });
  }

  /** The import is done. What goes wrong with its report now is no reason to say otherwise. */
  async keep(): Promise<void> {
    this.#kept = true;
    await this.#writer.keep().catch(() => this.#writer.drop());
  }

  /** Keeps the report of an import that failed or was cancelled, if it came to any file. Never fails: its caller has an error to tell. */
  async fail(error: unknown): Promise<void> {
    if (this.#kept) return;
    const { code, facts } = toErrorData(error);
    const outcome = code === 'job.cancelled' ? 'cancelled' : 'failed';
    const met = this.#added + this.#duplicates + this.#skippedCount;
    try {
      if (met === 0) return await this.#writer.drop();
      // The files themselves are in the report.
      const told = Object.fromEntries(Object.entries(facts).filter(([name]) => name !== 'examples'));
      await this.#writer.seal({ ...this.#summary, added: 0, outcome, error: { code, facts: told } });
      await this.#writer.keep();
    } catch {
      await this.#writer.drop();
    }
  }

  get #counts(): ImportCounts {
    return {
      added: this.#added,
      duplicates: this.#duplicates,
      skippedCount: this.#skippedCount,
      byCode: Object.fromEntries(this.#byCode),
    };
  }

  get #summary() {
    return { at: this.#at, from: [...this.#from], ...this.#counts };
  }

  async #note(file: ReportedFile | ReportedVideo): Promise<void> {
    const codes = codesOf(file);
    for (const code of codes) this.#countCode(code);
    if (this.#newest.push({ file: file.file, codes }) >= 2 * limits.newestReported) {
      this.#newest = this.#newest.slice(-limits.newestReported);
    }
    this.#grown();
    await this.#writer.add(file);
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
