import { zipSync } from 'fflate';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { encodePngPicture } from '../pictures/png';
import type { Project } from '../project';
import { openPack } from './pack';

/** Pictures that are read at a time, few enough to be cancelled soon. */
const AT_A_TIME = 64;
/** Files of a zip without the 64-bit extension, which not every program reads. */
const ZIP_FILES_MAX = 65_535;
/** Pictures are compressed already; and the same ones make the same archive, whenever it is made. */
const ZIP = { level: 0, mtime: new Date(1980, 0, 1) } as const;

/** Name of a picture's file, by its number in the project. */
export const exportedName = (picture: number): string => `picture-${String(picture).padStart(7, '0')}.png`;

export interface ZipOptions {
  /** The class of a picture, by its number. */
  readonly classOf: (picture: number) => string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/**
 * A zip of pictures as training sees them, a PNG each; where there are classes, with a `labels.csv` by which an import finds them again.
 * `export.too-many-pictures` for more than are held in memory, `dataset.none-selected`, `job.cancelled`.
 */
export async function zipPictures(
  project: Pick<Project, 'dir'>,
  pictures: readonly number[],
  { classOf, signal, onProgress }: ZipOptions,
): Promise<Uint8Array> {
  if (pictures.length === 0) return fail('dataset.none-selected');
  const pack = await openPack(project);
  try {
    const limit = mostZipped(pack.size * pack.size * pack.channels);
    if (pictures.length > limit) fail('export.too-many-pictures', { pictures: pictures.length, limit });
    const files: Record<string, Uint8Array> = {};
    const labels: string[] = [];
    for (let from = 0; from < pictures.length; from += AT_A_TIME) {
      if (signal.aborted) return fail('job.cancelled');
      for (const picture of pictures.slice(from, from + AT_A_TIME)) {
        files[exportedName(picture)] = await encodePngPicture(await pack.picturesAt([picture]));
        const name = classOf(picture);
        if (name !== undefined) labels.push(`${exportedName(picture)},"${name.replaceAll('"', '""')}"\r\n`);
      }
      onProgress(Math.min(pictures.length, from + AT_A_TIME));
    }
    if (labels.length > 0) files['labels.csv'] = Buffer.from(`file,class\r\n${labels.join('')}`);
    return zipSync(files, ZIP);
  } finally {
    await pack.close();
  }
}

/** Pictures of so many bytes that fit into one archive in memory, with a list of their classes. */
const mostZipped = (pictureBytes: number): number =>
  Math.min(ZIP_FILES_MAX - 1, Math.floor(limits.exportsWaitingBytes / pictureBytes));
