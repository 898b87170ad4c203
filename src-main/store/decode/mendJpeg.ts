import sharp, { type Sharp } from 'sharp';
import { jpegSegments } from './jpegSegments';

/** Share of a picture's rows that must be there for the rest to be left out; with less it is another picture. */
const WORTH_KEEPING = 0.75;
/** Rows that are decoded together at most (a row of blocks, with chroma at half its size): the last one may be half there. */
const BLOCK_ROWS = 16;
/** What libjpeg puts where data are missing: every coefficient 0, which is this grey. */
const MISSING = 128;
const TOLERANCE = 2;
/** Larger ones are not worth the memory that looking for the cut takes. */
const PIXELS_MAX = 24_000_000;

/**
 * A JPEG that ends early without the rows that are missing at its bottom, upright, or undefined when too much is missing to be of use. Progressive ones are not
 * mended: what they lack is detail all over the picture.
 */
export async function mendJpeg(bytes: Uint8Array, timeoutMs: number): Promise<Sharp | undefined> {
  if (isProgressive(bytes)) return undefined;
  const open = () => sharp(bytes, { failOn: 'none', limitInputPixels: PIXELS_MAX });
  const timeout = { seconds: Math.ceil(timeoutMs / 1000) };
  const { data, info } = await open().toColourspace('b-w').raw().timeout(timeout).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const whole = wholeRows(data, width * channels, height);
  if (whole < height * WORTH_KEEPING) return undefined;
  const upright = open().extract({ left: 0, top: 0, width, height: whole }).autoOrient().toColourspace('srgb');
  const kept = await upright.raw().timeout(timeout).toBuffer({ resolveWithObject: true });
  return sharp(kept.data, { raw: { width: kept.info.width, height: kept.info.height, channels: kept.info.channels } });
}

/** Rows from the top on that are there. */
function wholeRows(data: Uint8Array, stride: number, height: number): number {
  const isMissing = (row: number): boolean => {
    for (let at = row * stride; at < (row + 1) * stride; at++) {
      if (Math.abs((data[at] as number) - MISSING) > TOLERANCE) return false;
    }
    return true;
  };
  let rows = height;
  while (rows > 0 && isMissing(rows - 1)) rows--;
  // Nothing to see of the cut may still be a last row of blocks that is half there.
  return Math.floor((rows - 1) / BLOCK_ROWS) * BLOCK_ROWS;
}

/** Frames of a progressive kind (ITU-T T.81, table B.1: SOF2, SOF6, SOF10, SOF14). */
const PROGRESSIVE = new Set([0xc2, 0xc6, 0xca, 0xce]);

function isProgressive(bytes: Uint8Array): boolean {
  for (const { marker } of jpegSegments(bytes)) if (PROGRESSIVE.has(marker)) return true;
  return false;
}
