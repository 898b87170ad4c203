import type { PictureBatch } from '#shared/contract/types';

/** The first `count` pictures of a batch; their pixels are not copied. */
export function firstPictures(batch: PictureBatch, count: number): PictureBatch {
  if (count >= batch.count) return batch;
  const length = count * batch.width * batch.height * batch.channels;
  return { ...batch, count, pixels: batch.pixels.subarray(0, length) };
}
