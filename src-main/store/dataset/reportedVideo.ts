import { constants, open, type FileHandle } from 'node:fs/promises';
import { fail } from '#shared/contract/errors';
import type { SkipCode, VideoPart } from '#shared/contract/types';
import { sniff } from '../decode/magic';
import type { Project } from '../project';
import { videoAt } from './importReports';
import { wayInto } from './plan';
import type { FoundFile } from './fileList';

/** Enough of a file to say what it is. */
const HEAD_BYTES = 512;
/** Opening a pipe would wait for ever. Windows has none in folders, nor the flag. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Where a file that was not taken is read again, if it is a video: not in an archive, nor in folders of the program's own, where uploads lie of which the beginning alone
 * was sent.
 */
export function videoPath(code: SkipCode, file: FoundFile, ownFolders: readonly string[]): string | undefined {
  if (code !== 'video' || file.member) return undefined;
  return ownFolders.some((folder) => wayInto(folder, file.path) !== undefined) ? undefined : file.path;
}

/**
 * A part of a video that a report of the project lists, by its place there. Who asks names no path; and what lies at the report's is handed out only where its
 * own bytes say that it is a video, whoever wrote the report. `dataset.report-unknown`, `video.gone`.
 */
export async function readReportedVideo(
  project: Pick<Project, 'dir'>,
  { import: number, video, from, count }: { readonly [Part in 'import' | 'video' | 'from' | 'count']: number },
): Promise<VideoPart> {
  const { file: name, path } = await videoAt(project, number, video);
  const gone = () => fail('video.gone', { file: name });
  const file = await open(path, READ_AT_ONCE).catch(gone);
  try {
    const stats = await file.stat();
    if (!stats.isFile() || sniff(await readPart(file, 0, HEAD_BYTES))?.kind !== 'video') return gone();
    return { bytes: await readPart(file, from, count), size: stats.size };
  } finally {
    await file.close();
  }
}

/** Fewer bytes than were asked for at the file's end. */
async function readPart(file: FileHandle, from: number, count: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, from);
  return buffer.subarray(0, bytesRead);
}
