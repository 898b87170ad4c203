import { resolve } from 'node:path';
import { frameDigest } from './frameDigest';
import type { ManifestSource } from './manifest';
import { readPictureFile } from './pictureFile';
import { digestsOf, nameAt, type RecordColumns } from './records';

/** A picture's file read again; or not: it is gone, holds something else now, or was never noted. */
export type SourceFile =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly problem: 'missing' | 'changed' | 'unknown' };

/** A picture's name without the number of its frame. */
const fileNameOf = (columns: RecordColumns, picture: number): string => {
  const name = nameAt(columns, picture);
  return (columns.frame[picture] as number) > 0 ? name.slice(0, name.lastIndexOf('#')) : name;
};

/** Path of the file that a picture came from; undefined when that was not noted. Relative paths of sources begin at the pack's folder. */
function sourcePath(
  dir: string,
  sources: readonly ManifestSource[],
  columns: RecordColumns,
  picture: number,
): string | undefined {
  const source = sources[columns.source[picture] ?? -1];
  if (!source) return undefined;
  const parts = fileNameOf(columns, picture).split('/');
  // The first part of a folder's names is its own.
  return resolve(dir, source.path, ...(source.kind === 'folder' ? parts.slice(1) : parts));
}

/** The file of a picture, if its content is still what was imported. `dir`: the pack's folder. */
export async function readSourceFile(
  dir: string,
  sources: readonly ManifestSource[],
  columns: RecordColumns,
  picture: number,
): Promise<SourceFile> {
  const path = sourcePath(dir, sources, columns, picture);
  if (path === undefined) return { ok: false, problem: 'unknown' };
  const read = await readPictureFile({ path, bytes: columns.bytes[picture] as number });
  if (!read.ok) return { ok: false, problem: 'missing' };
  return isOfFile(columns, picture, read.sha256) ? { ok: true, bytes: read.bytes } : { ok: false, problem: 'changed' };
}

/** Whether a picture came from the file with that hash. */
export function isOfFile(columns: RecordColumns, picture: number, sha256: Uint8Array): boolean {
  const frame = columns.frame[picture] as number;
  const digest = frame > 0 ? frameDigest(sha256, frame) : sha256;
  return Buffer.compare(digest, digestsOf(columns.sha256, picture)) === 0;
}
