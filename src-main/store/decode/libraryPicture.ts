import sharp, { type Sharp } from 'sharp';
import { limits } from '#shared/contract/limits';
import { bitsOf, type PictureFlag } from '#shared/contract/pictureFlags';
import type { PictureBatch } from '#shared/contract/types';
import { looksOf } from '../pictures/looks';
import { everyFrame, framesAt } from './animationFrames';
import { apngCount, apngFrames } from './apng';
import { decodeBmp, type Bitmap } from './bmp';
import { readHeader, type Header } from './header';
import { mendJpeg } from './mendJpeg';
import type { DecodedPicture, DecodeOptions, DecodeOutcome } from './picture';
import { refusalOf } from './refusal';
import { trainingPicture } from './trainingPicture';

// The second wall behind sniff(): libvips may load these formats and no other, whatever the bytes say.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((format) => `VipsForeignLoad${format}`),
});
// Workers are what runs at once; threads within a picture only cost on pictures this small, and a cache never hits.
sharp.concurrency(1);
sharp.cache(false);

/** A picture that can be fitted, upright, and what was noticed when it was opened. */
interface Opened {
  readonly picture: Sharp;
  readonly width: number;
  readonly height: number;
  readonly mended: readonly PictureFlag[];
  /** Pictures that are in the file. */
  readonly frames: number;
}

/** A picture of a format that is known, by libvips (see `decodePicture`). */
export async function decodeByLibrary(
  bytes: Uint8Array,
  format: string,
  options: DecodeOptions,
  timeoutMs: number,
  onFrame: () => void,
): Promise<DecodeOutcome> {
  const frame = options.frame ?? 0;
  try {
    const opened = await openPicture(bytes, format, frame);
    const first = await decoded(opened, format, frame, options, timeoutMs);
    if (options.every === undefined || opened.frames < 2) return { ok: true, ...first };
    if (options.every === 0) return { ok: true, ...first, more: [] };
    return { ok: true, ...first, more: await moreFrames(bytes, format, opened, options, timeoutMs, onFrame) };
  } catch (error) {
    const refusal = refusalOf(error, format);
    if (refusal.ok || refusal.code !== 'corrupt' || format !== 'JPEG') return refusal;
    return (await decodeMended(bytes, options, timeoutMs).catch(() => undefined)) ?? refusal;
  }
}

async function openPicture(bytes: Uint8Array, format: string, frame: number): Promise<Opened> {
  if (format === 'BMP') return openBmp(bytes);
  const apng = format === 'PNG' ? apngCount(bytes) : 1;
  if (apng > 1 && frame > 0) {
    let number = 0;
    for await (const shown of apngFrames(bytes)) if (number++ === frame) return { ...openRaw(shown), frames: apng };
    throw new Error(`it has no frame ${frame}`);
  }
  // `failOn: 'warning'`: a picture half decoded would train the networks on its grey half.
  const input = { failOn: 'warning', limitInputPixels: limits.picturePixels, pages: 1, page: frame } as const;
  const picture = sharp(bytes, input);
  const metadata = (frame === 0 ? readHeader(bytes, format) : undefined) ?? (await picture.metadata());
  const frames = ANIMATED.has(format) ? (metadata.pages ?? 1) : apng;
  const [sides, mended] = [metadata.autoOrient, mendedIn(metadata)];
  if (frame > 0 && ANIMATED.has(format) && !mended.includes('turned')) {
    // As moreFrames reads it.
    const [shown] = await framesAt(bytes, sides, frame, 1);
    if (shown) return { ...openRaw(shown), mended, frames };
  }
  return { picture: picture.autoOrient(), ...sides, mended, frames };
}

/** Formats whose pages follow each other in time; those of a TIFF are other pictures, or the same one smaller. */
const ANIMATED = new Set(['GIF', 'WebP']);

function openBmp(bytes: Uint8Array): Opened {
  return openRaw(decodeBmp(bytes, limits.picturePixels));
}

function openRaw({ width, height, rgba }: Pick<Bitmap, 'width' | 'height' | 'rgba'>): Opened {
  return { picture: sharp(rgba, { raw: { width, height, channels: 4 } }), width, height, mended: [], frames: 1 };
}

async function decoded(
  { picture, width, height, mended }: Opened,
  format: string,
  frame: number,
  options: DecodeOptions,
  timeoutMs: number,
): Promise<DecodedPicture> {
  const { pixels, grey, transparent } = await trainingPicture(picture, { width, height }, options, timeoutMs);
  const flags = bitsOf(transparent ? [...mended, 'transparent'] : mended);
  return { pixels, width, height, grey, format, flags, frame, ...looksOf(pixels, options.size, options.channels) };
}

/** Every n-th frame after the first. */
async function moreFrames(
  bytes: Uint8Array,
  format: string,
  { frames, mended, ...sides }: Opened,
  options: DecodeOptions,
  timeoutMs: number,
  onFrame: () => void,
): Promise<readonly DecodedPicture[]> {
  const every = options.every ?? frames;
  const more: DecodedPicture[] = [];
  const end = performance.now() + limits.animationTimeoutMs;
  const take = async (opened: Opened, frame: number): Promise<void> => {
    if (performance.now() > end) throw new Error(`timeout: ${frame} frames within ${limits.animationTimeoutMs} ms`);
    more.push(await decoded(opened, format, frame, options, timeoutMs));
    onFrame();
  };
  const last = Math.min(frames, every * limits.framesPerFile);
  if (format !== 'PNG' && mended.includes('turned')) {
    for (let frame = every; frame < last; frame += every) await take(await openPicture(bytes, format, frame), frame);
    return more;
  }
  if (format !== 'PNG') {
    for await (const { number, frame } of everyFrame(bytes, sides, every, last)) {
      await take({ ...openRaw(frame), mended }, number);
    }
    return more;
  }
  let number = 0;
  for await (const shown of apngFrames(bytes)) {
    const frame = number++;
    if (frame >= last) break;
    if (frame > 0 && frame % every === 0) await take(openRaw(shown), frame);
  }
  return more;
}

async function decodeMended(
  bytes: Uint8Array,
  options: DecodeOptions,
  timeoutMs: number,
): Promise<DecodeOutcome | undefined> {
  const picture = await mendJpeg(bytes, timeoutMs);
  if (!picture) return undefined;
  const { width, height } = await picture.metadata();
  const mended: PictureFlag[] = ['cut-short'];
  return { ok: true, ...(await decoded({ picture, width, height, mended, frames: 1 }, 'JPEG', 0, options, timeoutMs)) };
}

function mendedIn({ orientation = 1, space, icc, depth }: Header): PictureFlag[] {
  const mended: PictureFlag[] = [];
  if (orientation > 1) mended.push('turned');
  if (space === 'cmyk') mended.push('cmyk');
  // The description of a profile is ASCII or UTF-16, by the profile's version.
  else if (icc && !icc.includes('sRGB') && !icc.includes('s\0R\0G\0B')) mended.push('profile');
  if (depth !== 'uchar') mended.push('bit-depth');
  return mended;
}

/** One still, lossless WebP of a batch's first picture. */
export async function encodeWebpPicture({ width, height, channels, pixels }: PictureBatch): Promise<Uint8Array> {
  const raw = { width, height, channels };
  return sharp(pixels.subarray(0, width * height * channels), { raw })
    .webp({ lossless: true, effort: 3 })
    .toBuffer();
}
