import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { FitPreview, PictureBatch, PictureFit } from '#shared/contract/types';
import type { DecodeOptions, PictureWorkers } from '../decode/picture';
import type { Project } from '../project';
import { datasetDir, readManifest } from './manifest';
import { nameAt, type RecordColumns } from './records';
import { readSourceFile } from './sourceFiles';

/** A picture as it is and as an import would make it with a fit, by the import's own decoder. `dataset.originals-missing`: its file cannot be read. */
export async function previewFit(
  project: Pick<Project, 'dir'>,
  columns: RecordColumns,
  picture: number,
  fit: PictureFit,
  workers: PictureWorkers,
): Promise<FitPreview> {
  const manifest = (await readManifest(project)) ?? fail('dataset.empty');
  if (picture >= columns.count) return fail('dataset.none-selected');
  const missing = () => fail('dataset.originals-missing', { count: 1, names: nameAt(columns, picture) });
  const file = await readSourceFile(datasetDir(project), manifest.sources, columns, picture);
  if (!file.ok) return missing();
  const { size, channels } = manifest;
  // Bytes that are handed to a decoder are gone.
  const frame = Math.max(0, columns.frame[picture] as number);
  const decode = (options: DecodeOptions) => workers.decode(file.bytes.slice(), { ...options, frame });
  const whole = { size: limits.previewSide, channels: 3, crop: 'letterbox', background: fit.background } as const;
  const [original, result] = await Promise.all([decode(whole), decode({ size, channels, ...fit })]);
  if (!original.ok || !result.ok) return missing();
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
