import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureBatch } from '#shared/contract/types';
import { inOrder } from '../inOrder';
import type { PictureWorkers } from '../decode/picture';
import { openPictureWorkers } from '../decode/pictureWorkers';
import { enlarge, gridOf, squareColumns } from './grid';
import { encodePngPicture } from './png';
import { animatedWebp } from './webp';

export interface PngOptions {
  /** Each pixel becomes `scale × scale`, by nearest neighbour. */
  readonly scale?: number;
  /** Pictures in a row; about as many as rows when left out. */
  readonly columns?: number;
  /** Keyword (1–79 Latin-1 characters) → text, kept in the file's metadata. */
  readonly text?: Readonly<Record<string, string>>;
}

/** A PNG of one picture, or of a grid of them, left to right and row by row. `export.too-large` beyond {@link limits.exportPixels}. */
export async function encodePng(
  pictures: PictureBatch,
  { scale = 1, columns = squareColumns(pictures.count), text = {} }: PngOptions = {},
): Promise<Uint8Array> {
  const { count, width, height } = pictures;
  checkPixels(columns * width * scale, Math.ceil(count / columns) * height * scale);
  return encodePngPicture(enlarge(gridOf(pictures, columns), scale), text);
}

export interface AnimationOptions {
  /** How long each frame is shown, milliseconds. */
  readonly delayMs: number;
  /** How often it plays; 0: for ever. */
  readonly loop: number;
  readonly scale?: number;
  /** Called with the frames encoded so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An animated, lossless WebP; each picture of each batch is a frame. Batches may come as they are rendered: only compressed frames are held.
 * `job.cancelled`, `export.too-large`.
 */
export async function encodeAnimatedWebp(
  batches: Iterable<PictureBatch> | AsyncIterable<PictureBatch>,
  { delayMs, loop, scale = 1, onProgress, signal }: AnimationOptions,
  openWorkers: () => PictureWorkers = openPictureWorkers,
): Promise<Uint8Array> {
  const workers = openWorkers();
  const encoded: Uint8Array[] = [];
  let size: { readonly width: number; readonly height: number } | undefined;
  try {
    const stills = inOrder(framesOf(batches), workers.parallel, async (frame) => {
      if (signal?.aborted) return fail('job.cancelled');
      checkPixels(frame.width * scale, frame.height * scale);
      const large = enlarge(frame, scale);
      return { width: large.width, height: large.height, bytes: await workers.encodeWebp(large) };
    });
    for await (const { width, height, bytes } of stills) {
      if (signal?.aborted) return fail('job.cancelled');
      size ??= { width, height };
      encoded.push(bytes);
      onProgress?.(encoded.length);
    }
  } finally {
    await workers.close();
  }
  if (!size) throw new RangeError('an animation has at least one frame');
  return animatedWebp(encoded, { ...size, delayMs, loop });
}

async function* framesOf(batches: Iterable<PictureBatch> | AsyncIterable<PictureBatch>): AsyncGenerator<PictureBatch> {
  for await (const { count, width, height, channels, pixels } of batches) {
    const bytes = width * height * channels;
    for (let index = 0; index < count; index++) {
      yield { count: 1, width, height, channels, pixels: pixels.slice(index * bytes, (index + 1) * bytes) };
    }
  }
}

function checkPixels(width: number, height: number): void {
  const pixels = width * height;
  if (pixels > limits.exportPixels) fail('export.too-large', { pixels, limit: limits.exportPixels });
}
