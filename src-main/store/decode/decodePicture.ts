import sharp from 'sharp';
import { limits } from '#shared/contract/limits';
import type { PictureBatch } from '#shared/contract/types';
import { sniff } from './magic';
import { refuse, type DecodeOptions, type DecodeOutcome } from './picture';

// The second wall behind sniff(): libvips may load these formats and no other, whatever the bytes say.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((format) => `VipsForeignLoad${format}`),
});
// Workers are what runs at once; threads within a picture only cost on pictures this small, and a cache never hits.
sharp.concurrency(1);
sharp.cache(false);

/** Which of sharp's builds this process or thread has loaded. */
export function decoderKind(): 'native' | 'wasm' {
  return 'emscripten' in sharp.versions ? 'wasm' : 'native';
}

/** Colour channels that differ less than this are taken for grey: JPEG and colour profiles shift greys by a few levels. */
const GREY_TOLERANCE = 10;
const DETAIL_LENGTH = 200;

/**
 * One training picture from a file's bytes, which may come from anywhere: oriented as EXIF says, converted to sRGB by its colour profile, flattened
 * on white, cut to the central square and resized with Lanczos. Bytes that cannot be used are refused with a code and the decoder's words.
 */
export async function decodePicture(
  bytes: Uint8Array,
  { size, channels }: DecodeOptions,
  timeoutMs: number = limits.decodeTimeoutMs,
): Promise<DecodeOutcome> {
  if (bytes.length === 0) return refuse('empty', 'the file has no bytes');
  const sniffed = sniff(bytes);
  if (!sniffed) return refuse('not-a-picture', 'it begins like no picture format that is known');
  if (sniffed.kind === 'refused') return refuse('unsupported', `${sniffed.format} is not read`);
  try {
    // The first page or frame alone. `failOn: 'warning'`: a picture half decoded would train the networks on its grey half.
    const picture = sharp(bytes, { failOn: 'warning', limitInputPixels: limits.picturePixels, pages: 1 });
    const { width, height } = (await picture.metadata()).autoOrient;
    const { data, info } = await picture
      .timeout({ seconds: Math.ceil(timeoutMs / 1000) })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .resize(size, size, { fit: 'cover', position: 'centre', kernel: 'lanczos3' })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== channels) return refuse('unsupported', `it decodes to ${info.channels} channels`);
    // A copy of its own: sharp's buffers may share memory, and this one is transferred between threads.
    const pixels = Uint8Array.from(data);
    return { ok: true, pixels, width, height, grey: channels === 1 || isGrey(pixels) };
  } catch (error) {
    return refusalOf(error);
  }
}

function isGrey(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    const [red, green, blue] = [pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > GREY_TOLERANCE) return false;
  }
  return true;
}

/** libvips tells by words alone, one line a complaint. */
function refusalOf(error: unknown): DecodeOutcome {
  const message = error instanceof Error ? error.message : String(error);
  const detail = (message.split('\n')[0] ?? '').slice(0, DETAIL_LENGTH);
  if (/pixel limit/i.test(message)) return refuse('too-many-pixels', detail);
  if (/timeout/i.test(message)) return refuse('timeout', detail);
  return refuse('corrupt', detail);
}

/** One still, lossless WebP of a batch's first picture. */
export async function encodeWebpPicture({ width, height, channels, pixels }: PictureBatch): Promise<Uint8Array> {
  const raw = { width, height, channels };
  return sharp(pixels.subarray(0, width * height * channels), { raw })
    .webp({ lossless: true, effort: 3 })
    .toBuffer();
}
