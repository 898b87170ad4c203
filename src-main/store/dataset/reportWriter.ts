import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { failDisk, makeSubfolder, syncFolder, TEMPORARY } from '../atomic';
import type { Project } from '../project';
import {
  removeOldReports,
  reportFormat,
  reportNumbers,
  reportPath,
  reportsDir,
  type ReportSummary,
} from './reportFiles';

/** Lines are held until they are so many characters. */
const CHUNK = 256 * 1024;

/**
 * Writes the report of one import, line by line, under a name that nobody reads until it is whole. Nothing is made on the disk before there is a line to write.
 * Whoever opens it ends it with `keep` or `drop`.
 */
export class ReportWriter {
  readonly #dir: string;
  readonly #temporary: string;
  #file: FileHandle | undefined;
  #lines = '';
  /** Bytes of the lines that are on the disk. */
  #end = 0;

  constructor(project: Pick<Project, 'dir'>) {
    this.#dir = reportsDir(project);
    this.#temporary = join(this.#dir, `.${process.pid}${TEMPORARY}`);
  }

  async add(line: object): Promise<void> {
    this.#lines += `${JSON.stringify(line)}\n`;
    if (this.#lines.length >= CHUNK) await this.#flush();
  }

  /** Ends the report with what sums it up, durable, though under no name yet. Later calls replace that. */
  async seal(summary: Omit<ReportSummary, 'version'>): Promise<void> {
    await this.#flush();
    await this.#append(`${JSON.stringify({ version: reportFormat.version, ...summary })}\n`);
    await this.#file?.sync().catch((error: unknown) => failDisk(error, this.#dir));
  }

  /** Gives a sealed report its name: the number after the newest one. */
  async keep(): Promise<void> {
    await this.#close();
    try {
      const [newest = 0] = await reportNumbers(this.#dir);
      await rename(this.#temporary, reportPath(this.#dir, newest + 1));
      await syncFolder(this.#dir);
    } catch (error) {
      failDisk(error, this.#dir);
    }
    await removeOldReports(this.#dir);
  }

  /** Gives up. Never fails: the next report clears away what stays. */
  async drop(): Promise<void> {
    await this.#close();
    await rm(this.#temporary, { force: true }).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    this.#end += await this.#append(this.#lines);
    // Only now: lines that a full disk did not take are tried again.
    this.#lines = '';
  }

  /** Writes after the lines that are on the disk, over what a failed write or an earlier end left there; the bytes. */
  async #append(text: string): Promise<number> {
    const bytes = Buffer.from(text);
    try {
      this.#file ??= await this.#open();
      await this.#file.truncate(this.#end);
      await this.#file.appendFile(bytes);
      return bytes.length;
    } catch (error) {
      return failDisk(error, this.#dir);
    }
  }

  async #open(): Promise<FileHandle> {
    await makeSubfolder(this.#dir);
    for (const entry of await readdir(this.#dir)) {
      // Of an import that was killed: two do not run at once in a project.
      if (entry.endsWith(TEMPORARY)) await rm(join(this.#dir, entry), { force: true });
    }
    return open(this.#temporary, 'ax');
  }

  async #close(): Promise<void> {
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
  }
}
