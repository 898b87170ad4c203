import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { missingCodes } from '#shared/contract/missingCodes';
import type { FitPreview, ImportProposal, PictureBatch, PictureFit } from '#shared/contract/types';
import type { DecodeOptions, PictureWorkers } from '../decode/picture';
import type { Project } from '../project';
import { datasetDir, readManifest } from './manifest';
import { nameAt, type RecordColumns } from './records';
import { SourceFiles, type SourceFile } from './sourceFiles';

/** A picture's own file, for its previews; `dataset.none-selected` when there is no such picture. */
export async function readPictureSource(
  project: Pick<Project, 'dir'>,
  columns: RecordColumns,
  picture: number,
): Promise<SourceFile> {
  const manifest = (await readManifest(project)) ?? fail('dataset.empty');
  if (picture >= columns.count) return fail('dataset.none-selected');
  const files = new SourceFiles(datasetDir(project), manifest.sources);
  try {
    return await files.read(columns, picture);
  } finally {
    await files.close();
  }
}

/** A picture as it is and as an import would make it with a fit, by the import's own decoder. `dataset.original-missing`: its file cannot be used. */
export async function previewFit(
  file: SourceFile,
  columns: RecordColumns,
  picture: number,
  { size, channels, ...fit }: PictureFit & ImportProposal,
  workers: PictureWorkers,
): Promise<FitPreview> {
  const missing = (problem: keyof typeof missingCodes) =>
    fail('dataset.original-missing', { name: nameAt(columns, picture), problem: missingCodes[problem] });
  if (!file.ok) return missing(file.problem);
  // Bytes that are handed to a decoder are gone.
  const frame = Math.max(0, columns.frame[picture] as number);
  const decode = (options: DecodeOptions) => workers.decode(file.bytes.slice(), { ...options, frame });
  const whole = { size: limits.previewSide, channels: 3, crop: 'letterbox', background: fit.background } as const;
  const [original, result] = await Promise.all([decode(whole), decode({ size, channels, ...fit })]);
  if (!original.ok || !result.ok) return missing('refused');
  return {
    original: batchOf(original.pixels, limits.previewSide, 3),
    width: original.width,
    height: original.height,
    result: batchOf(result.pixels, size, channels),
  };
}

const batchOf = (pixels: Uint8Array, side: number, channels: 1 | 3): PictureBatch => ({
  count: 1,
  width: side,
  height: side,
  channels,
  pixels,
});
