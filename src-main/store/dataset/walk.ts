import type { Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, posix, relative, resolve } from 'node:path';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { SkippedFile } from '#shared/contract/types';
import { systemCode } from '../atomic';
import type { PictureSource } from './types';

/** A file that may be a picture. */
export interface FoundFile {
  readonly path: string;
  /** As shown to people: the source's own name and the way from there, with forward slashes. */
  readonly name: string;
  readonly bytes: number;
  /** Name of its class, where it has one. */
  readonly label?: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  /** What was met and is no file that can be read, with the reason. */
  readonly skipped: readonly SkippedFile[];
}

/** What file managers leave in folders; nobody means to import it. */
const LITTER = /^(?:\..*|thumbs\.db|desktop\.ini|__macosx)$/i;

/** In code-unit order, so that the same folder gives the same pack on every machine. */
const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/**
 * Every file of the sources, folders walked down, in a fixed order. Links to files are followed where they stay within the source; links to
 * folders are not (what they lead to within the source is met anyway). `dataset.source-missing`, `dataset.too-many-files`.
 */
export async function findFiles(sources: readonly PictureSource[], signal?: AbortSignal): Promise<Found> {
  const walk = new Walk(signal);
  for (const source of sources) await walk.source(source);
  return walk;
}

class Walk implements Found {
  readonly files: FoundFile[] = [];
  readonly skipped: SkippedFile[] = [];
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  async source(source: PictureSource): Promise<void> {
    const path = resolve(source.path);
    const name = basename(path);
    // What the user chose may itself be a link.
    const root = await realpath(path).catch(() => fail('dataset.source-missing', { path }));
    const stats = await stat(root).catch(() => fail('dataset.source-missing', { path }));
    if (stats.isDirectory()) await this.#folder(root, root, name, 0);
    else this.#file(root, name, stats);
  }

  async #folder(root: string, folder: string, name: string, depth: number): Promise<void> {
    if (this.#signal?.aborted) return fail('job.cancelled');
    if (depth > limits.folderDepth) return this.#skip(name, `folders are nested more than ${limits.folderDepth} deep`);
    let entries: string[];
    try {
      entries = await readdir(folder);
    } catch (error) {
      if (depth === 0) return fail('dataset.source-missing', { path: folder });
      return this.#skip(name, systemCode(error) ?? 'the folder cannot be listed');
    }
    for (const entry of entries.sort(byName)) {
      if (!LITTER.test(entry)) await this.#entry(root, join(folder, entry), posix.join(name, entry), depth);
    }
  }

  async #entry(root: string, path: string, name: string, depth: number): Promise<void> {
    try {
      const stats = await lstat(path);
      if (stats.isDirectory()) return await this.#folder(root, path, name, depth + 1);
      if (!stats.isSymbolicLink()) return this.#file(path, name, stats);
      const target = await realpath(path);
      const fromRoot = relative(root, target);
      if (fromRoot.startsWith('..') || isAbsolute(fromRoot))
        return this.#skip(name, 'a link that leads out of the folder');
      const targetStats = await stat(target);
      if (!targetStats.isDirectory()) this.#file(target, name, targetStats);
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      this.#skip(name, code);
    }
  }

  #file(path: string, name: string, stats: Stats): void {
    if (!stats.isFile()) return this.#skip(name, 'neither a file nor a folder');
    this.files.push({ path, name, bytes: stats.size });
    if (this.files.length > limits.uploadFiles) {
      fail('dataset.too-many-files', { files: this.files.length, limit: limits.uploadFiles });
    }
  }

  #skip(file: string, detail: string): void {
    this.skipped.push({ file, code: 'unreadable', detail });
  }
}
