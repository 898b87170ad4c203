import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GanvasError } from '#shared/contract/errors';
import type { MissingCode } from '#shared/contract/missingCodes';
import { isArchiveName } from '#shared/dataset/archiveName';
import { memberName, openArchive } from '../archives/archive';
import { ArchiveError, CutShortError, type Member } from '../archives/member';
import { systemCode } from '../atomic';
import { frameDigest } from './frameDigest';
import type { ManifestSource } from './manifest';
import { readPictureFile } from '../decode/pictureFile';
import { digestsOf, nameAt, type RecordColumns } from './records';

/** A picture's file read again; or not, and why. */
export type SourceFile =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly problem: Exclude<MissingCode, 'refused'> };

/** An archive's members by the names that they were imported under: several may have the same. */
interface OpenedArchive {
  /** The file that they are read from. */
  readonly path: string;
  readonly members: ReadonlyMap<string, readonly Member[]>;
}

/** Where a picture's file lies: by itself, or in an archive of that name. */
interface Place {
  readonly path: string;
  /** The archive as it is shown; undefined for a file by itself. */
  readonly archive?: string;
}

/**
 * The files that a pack's pictures came from, to be read again: never more than what was imported, as the content must be the same. An archive is opened once,
 * under the caps of an import. Whoever makes it closes it.
 */
export class SourceFiles {
  readonly #dir: string;
  readonly #sources: readonly ManifestSource[];
  readonly #signal: AbortSignal | undefined;
  readonly #archives = new Map<string, Promise<OpenedArchive | undefined>>();

  /** `dir`: the pack's folder. Relative paths of sources begin there. */
  constructor(dir: string, sources: readonly ManifestSource[], signal?: AbortSignal) {
    this.#dir = dir;
    this.#sources = sources;
    this.#signal = signal;
  }

  /** The file of a picture, if its content is still what was imported. */
  async read(columns: RecordColumns, picture: number): Promise<SourceFile> {
    const place = await this.#placeOf(columns, picture);
    if (!place) return { ok: false, problem: 'unknown' };
    if (place.archive !== undefined) return this.#fromArchive(place.path, place.archive, columns, picture);
    const read = await readPictureFile({ path: place.path, bytes: columns.bytes[picture] as number });
    if (!read.ok) return { ok: false, problem: 'missing' };
    return isOfFile(columns, picture, read.sha256)
      ? { ok: true, bytes: read.bytes }
      : { ok: false, problem: 'changed' };
  }

  /** Whether a picture's file, or the archive that it lies in, is there as it was by its size and time of change; else why not. It is not read. */
  async look(columns: RecordColumns, picture: number): Promise<MissingCode | undefined> {
    const place = await this.#placeOf(columns, picture);
    if (!place) return 'unknown';
    const stats = await stat(place.path).catch(() => undefined);
    if (!stats?.isFile()) return place.archive === undefined ? 'missing' : 'archive';
    const sameSize = place.archive !== undefined || stats.size === columns.bytes[picture];
    return sameSize && stats.mtimeMs === columns.modifiedMs[picture] ? undefined : 'changed';
  }

  /** Removes what archives were unpacked to. */
  async close(): Promise<void> {
    for (const [path, opening] of this.#archives) {
      const archive = await opening.catch(() => undefined);
      if (archive) await forgetUnpacked(path, archive.path);
    }
    this.#archives.clear();
  }

  async #placeOf(columns: RecordColumns, picture: number): Promise<Place | undefined> {
    const source = this.#sources[columns.source[picture] ?? -1];
    if (!source) return undefined;
    const parts = fileNameOf(columns, picture).split('/');
    // The first part of a folder's names is its own.
    const own = source.kind === 'folder' ? 1 : 0;
    const pathOf = (end: number) => resolve(this.#dir, source.path, ...parts.slice(own, end));
    for (let end = own + 1; end < parts.length; end++) {
      // A folder may be called like an archive.
      if (isArchiveName(parts[end - 1] ?? '') && (await isFile(pathOf(end)))) {
        return { path: pathOf(end), archive: parts.slice(0, end).join('/') };
      }
    }
    return { path: pathOf(parts.length) };
  }

  async #fromArchive(path: string, shown: string, columns: RecordColumns, picture: number): Promise<SourceFile> {
    const archive = await this.#open(path, shown);
    if (!archive) return { ok: false, problem: 'archive' };
    const members = archive.members.get(fileNameOf(columns, picture)) ?? [];
    for (const member of members.filter(({ bytes }) => bytes === columns.bytes[picture])) {
      const read = await readPictureFile({ path: archive.path, bytes: member.bytes, member });
      if (read.ok && isOfFile(columns, picture, read.sha256)) return { ok: true, bytes: read.bytes };
    }
    return { ok: false, problem: members.length > 0 ? 'changed' : 'missing' };
  }

  #open(path: string, shown: string): Promise<OpenedArchive | undefined> {
    const known = this.#archives.get(path);
    if (known) return known;
    const opening = listMembers(path, shown, this.#dir, this.#signal);
    this.#archives.set(path, opening);
    return opening;
  }
}

/** Undefined for what is no sound archive any more, or would unpack to too much. */
async function listMembers(
  path: string,
  shown: string,
  scratch: string,
  signal: AbortSignal | undefined,
): Promise<OpenedArchive | undefined> {
  const members = new Map<string, Member[]>();
  let readable = path;
  try {
    const archive = await openArchive(path, scratch, { signal });
    readable = archive.path;
    for await (const entry of archive.entries()) {
      if (entry.kind === 'refused') continue;
      const name = memberName(shown, entry.name);
      const same = members.get(name);
      if (same) same.push(entry.member);
      else members.set(name, [entry.member]);
    }
    return { path: readable, members };
  } catch (error) {
    // The import took what is whole of it.
    if (error instanceof CutShortError) return { path: readable, members };
    await forgetUnpacked(path, readable);
    const unreadable = systemCode(error) !== undefined && !(error instanceof GanvasError);
    if (error instanceof ArchiveError || unreadable) return undefined;
    throw error;
  }
}

/** Removes what an archive was unpacked to. Never fails: the next import tries again. */
async function forgetUnpacked(archive: string, readable: string): Promise<void> {
  if (readable !== archive) await rm(readable, { force: true }).catch(() => undefined);
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );

/** A picture's name without the number of its frame. */
const fileNameOf = (columns: RecordColumns, picture: number): string => {
  const name = nameAt(columns, picture);
  return (columns.frame[picture] as number) > 0 ? name.slice(0, name.lastIndexOf('#')) : name;
};

/** Whether a picture came from the file with that hash. */
export function isOfFile(columns: RecordColumns, picture: number, sha256: Uint8Array): boolean {
  const frame = columns.frame[picture] as number;
  const digest = frame > 0 ? frameDigest(sha256, frame) : sha256;
  return Buffer.compare(digest, digestsOf(columns.sha256, picture)) === 0;
}
