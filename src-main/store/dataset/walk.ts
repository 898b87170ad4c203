import type { Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, relative, resolve } from 'node:path';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { SkipCode, SkippedFile } from '#shared/contract/types';
import { isArchiveName } from '#shared/dataset/archiveName';
import { memberName, openArchive } from '../archives/archive';
import { ArchiveError, CutShortError } from '../archives/member';
import { systemCode } from '../atomic';
import { FileList, type FoundFile, type FoundFiles } from './fileList';
import type { ManifestSource } from './manifest';
import type { PictureSource } from './types';

export interface Found {
  readonly sources: readonly ManifestSource[];
  readonly files: FoundFiles;
  /** What was met and is no file that can be read, with the reason. */
  readonly skipped: readonly SkippedFile[];
}

/** What file managers leave in folders; nobody means to import it. */
const LITTER = /^(?:\..*|thumbs\.db|desktop\.ini|__macosx)$/i;

/** In code-unit order, so that the same folder gives the same pack on every machine. */
const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/**
 * Every file of the sources, folders walked down, in a fixed order. Links to files are followed where they stay within the source; links to
 * folders are not (what they lead to within the source is met anyway). Archives are opened; what must be unpacked for that goes to the folder `scratch`,
 * whose owner removes it. `dataset.source-missing`, `dataset.too-many-files`.
 */
export async function findFiles(
  sources: readonly PictureSource[],
  scratch: string,
  signal?: AbortSignal,
): Promise<Found> {
  const walk = new Walk(scratch, signal);
  for (const source of sources) await walk.source(source);
  return walk;
}

class Walk implements Found {
  readonly sources: ManifestSource[] = [];
  readonly files = new FileList();
  readonly skipped: SkippedFile[] = [];
  readonly #scratch: string;
  readonly #signal: AbortSignal | undefined;
  #source = 0;

  constructor(scratch: string, signal: AbortSignal | undefined) {
    this.#scratch = scratch;
    this.#signal = signal;
  }

  async source(source: PictureSource): Promise<void> {
    const path = resolve(source.path);
    const name = basename(path);
    // What the user chose may itself be a link.
    const root = await realpath(path).catch(() => fail('dataset.source-missing', { path }));
    const stats = await stat(root).catch(() => fail('dataset.source-missing', { path }));
    const isFolder = stats.isDirectory();
    this.#enter(isFolder ? { kind: 'folder', path } : { kind: 'files', path: dirname(path) });
    if (isFolder) await this.#folder(root, root, name, 0);
    else await this.#file(root, name, stats);
  }

  /** What is found from here on came from `source`. Files of one folder that were dropped one by one share theirs. */
  #enter(source: ManifestSource): void {
    const same = this.sources.findIndex(({ kind, path }) => kind === source.kind && path === source.path);
    this.#source = same >= 0 ? same : this.sources.push(source) - 1;
  }

  async #folder(root: string, folder: string, name: string, depth: number): Promise<void> {
    if (this.#signal?.aborted) return fail('job.cancelled');
    if (depth > limits.folderDepth)
      return this.#skip(name, `folders are nested more than ${limits.folderDepth} deep`, 'name');
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
      if (!stats.isSymbolicLink()) return await this.#file(path, name, stats);
      const target = await realpath(path);
      const fromRoot = relative(root, target);
      if (fromRoot.startsWith('..') || isAbsolute(fromRoot))
        return this.#skip(name, 'a link that leads out of the folder');
      const targetStats = await stat(target);
      if (!targetStats.isDirectory()) await this.#file(target, name, targetStats);
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      this.#skip(name, code);
    }
  }

  async #file(path: string, name: string, stats: Stats): Promise<void> {
    if (!stats.isFile()) return this.#skip(name, 'neither a file nor a folder');
    if (isArchiveName(name)) return await this.#archive(path, name, stats.mtimeMs);
    this.#found({ path, name, bytes: stats.size, modifiedMs: stats.mtimeMs, source: this.#source });
  }

  #found(file: FoundFile): void {
    this.files.add(file);
    if (this.files.length > limits.importFiles) {
      fail('dataset.too-many-files', { files: this.files.length, limit: limits.importFiles });
    }
  }

  /** All of an archive's files; those before the cut, when it is cut short; none, when it is damaged or would unpack to too much. */
  async #archive(path: string, name: string, modifiedMs: number): Promise<void> {
    const members: FoundFile[] = [];
    const skipped: SkippedFile[] = [];
    try {
      const archive = await openArchive(path, this.#scratch, { signal: this.#signal });
      for await (const entry of archive.entries()) {
        if (this.#signal?.aborted) return fail('job.cancelled');
        if (entry.name.split(/[/\\]/).some((part) => LITTER.test(part) && part !== '..')) continue;
        const shown = memberName(name, entry.name);
        if (entry.kind === 'refused') {
          // Its name is not followed, not even to be shown.
          skipped.push({ file: `${name}/${entry.name}`, code: entry.code, detail: entry.detail });
        } else if (isArchiveName(entry.name)) {
          skipped.push({ file: shown, code: 'unsupported', detail: 'an archive within an archive is not opened' });
        } else {
          const { member } = entry;
          members.push({
            path: archive.path,
            name: shown,
            bytes: member.bytes,
            modifiedMs,
            source: this.#source,
            member,
          });
        }
      }
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      const { message: detail } = error;
      if (!(error instanceof CutShortError) || members.length === 0) {
        return void this.skipped.push({ file: name, code: 'archive', detail });
      }
      skipped.push({ file: name, code: 'archive-cut', detail: `${detail} after ${members.length} files` });
    }
    this.skipped.push(...skipped);
    for (const file of members.sort((a, b) => byName(a.name, b.name))) this.#found(file);
  }

  #skip(file: string, detail: string, code: SkipCode = 'unreadable'): void {
    this.skipped.push({ file, code, detail });
  }
}
