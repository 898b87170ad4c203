import type { Metadata } from 'sharp';
import { jpegSegments, SCAN } from './jpegSegments';
import { chunksOf } from './pngChunks';

/** What is to be known of a picture before it is fitted. */
export type Header = Pick<Metadata, 'autoOrient' | 'orientation' | 'space' | 'icc' | 'depth' | 'pages'>;

/**
 * What sharp's `metadata()` says of an ordinary picture, read from its first bytes: `metadata()` opens a file once more than decoding it does. Undefined for all
 * that is out of the ordinary (CMYK, 16 bits, animations, a profile in several parts …) and for a header that is damaged: those are left to it.
 */
export function readHeader(bytes: Uint8Array, format: string): Header | undefined {
  switch (format) {
    case 'JPEG':
      return jpegHeader(bytes);
    case 'PNG':
      return pngHeader(bytes);
    case 'WebP':
      return webpHeader(bytes);
    default:
      return undefined;
  }
}

/** Baseline, extended and progressive frames with Huffman codes (ITU-T T.81, table B.1). */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** Tables, the restart interval, the scan itself, comments and what applications say: nothing of it matters here but APP1 and APP2. */
const PASSED = new Set([0xc4, 0xdb, 0xdd, SCAN, 0xfe, ...Array.from({ length: 16 }, (_, number) => 0xe0 + number)]);
const [APP1, APP2] = [0xe1, 0xe2];
const PROFILE = 'ICC_PROFILE\0';
/** Of one part: its number, and how many there are. */
const WHOLE_PROFILE = `${PROFILE}\x01\x01`;

function jpegHeader(bytes: Uint8Array): Header | undefined {
  let frame: Uint8Array | undefined;
  let exif: Uint8Array | undefined;
  let icc: Buffer | undefined;
  for (const { marker, data } of jpegSegments(bytes)) {
    if (FRAMES.has(marker)) {
      if (frame) return undefined;
      frame = data;
    } else if (marker === APP1 && startsWith(data, 'Exif')) {
      if (exif) return undefined;
      exif = data;
    } else if (marker === APP2) {
      if (icc || !startsWith(data, WHOLE_PROFILE)) return undefined;
      icc = Buffer.from(data.subarray(WHOLE_PROFILE.length));
    } else if (!PASSED.has(marker)) {
      return undefined;
    }
    if (marker === SCAN) return frame && frameHeader(frame, exif && orientationIn(exif), icc);
  }
  return undefined;
}

/** `orientation`: 0 where EXIF is there and says nothing that can be relied on. */
function frameHeader(frame: Uint8Array, orientation: number | undefined, icc: Buffer | undefined): Header | undefined {
  const view = viewOf(frame);
  if (frame.length < 6 || orientation === 0 || view.getUint8(0) !== 8) return undefined;
  const components = view.getUint8(5);
  if (components !== 1 && components !== 3) return undefined;
  return headerOf(view.getUint16(3), view.getUint16(1), components === 1 ? 'b-w' : 'srgb', orientation, icc);
}

const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/** The orientation in the first directory of an EXIF segment (CIPA DC-008, 4.6.2), 1 … 8; 0 where it is not to be found. */
function orientationIn(exif: Uint8Array): number {
  const tiff = viewOf(exif.subarray('Exif\0\0'.length));
  if (!startsWith(exif, 'Exif\0\0') || tiff.byteLength < 8) return 0;
  const little = tiff.getUint16(0) === 0x4949;
  if ((!little && tiff.getUint16(0) !== 0x4d4d) || tiff.getUint16(2, little) !== 42) return 0;
  const directory = tiff.getUint32(4, little);
  if (directory + 2 > tiff.byteLength) return 0;
  const end = directory + 2 + tiff.getUint16(directory, little) * ENTRY_BYTES;
  if (end > tiff.byteLength) return 0;
  let found = 0;
  for (let at = directory + 2; at < end; at += ENTRY_BYTES) {
    if (tiff.getUint16(at, little) !== ORIENTATION) continue;
    const plain = tiff.getUint16(at + 2, little) === SHORT && tiff.getUint32(at + 4, little) === 1;
    const value = tiff.getUint16(at + 8, little);
    if (found || !plain || value > 8) return 0;
    found = value;
  }
  return found;
}

/** Chunks that change nothing of what is read here. A profile is packed, and EXIF and animations are rare in a PNG. */
const PLAIN_CHUNKS = new Set(['PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'bKGD', 'hIST', 'pHYs', 'tIME', 'tEXt']);
const [GREY, GREY_ALPHA, COLOUR_MOST, DEPTH_MOST] = [0, 4, 6, 8];

function pngHeader(bytes: Uint8Array): Header | undefined {
  let found: Header | undefined;
  for (const { type, data } of chunksOf(bytes)) {
    if (type === 'IDAT') return found;
    if (type === 'IHDR' && !found && data.length === 13) {
      const view = viewOf(data);
      const [depth, colour] = [view.getUint8(8), view.getUint8(9)];
      if (depth > DEPTH_MOST || colour > COLOUR_MOST) return undefined;
      const space = colour === GREY || colour === GREY_ALPHA ? 'b-w' : 'srgb';
      found = headerOf(view.getUint32(0), view.getUint32(4), space);
    } else if (!PLAIN_CHUNKS.has(type)) {
      return undefined;
    }
  }
  return undefined;
}

/** The simple file formats, of one chunk alone (RFC 9649, 2.5 and 2.6). */
function webpHeader(bytes: Uint8Array): Header | undefined {
  if (bytes.length < 30) return undefined;
  const view = viewOf(bytes);
  // RFC 6386, 9.1: 14 bits each, of which the two above them are a scale.
  if (startsWith(bytes.subarray(12), 'VP8 ') && startsWith(bytes.subarray(23), '\x9d\x01\x2a')) {
    return headerOf(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff, 'srgb');
  }
  if (!startsWith(bytes.subarray(12), 'VP8L') || bytes[20] !== 0x2f) return undefined;
  // RFC 9649, 3.4: 14 bits each, one less than what is meant.
  const sides = view.getUint32(21, true);
  return headerOf((sides & 0x3fff) + 1, ((sides >>> 14) & 0x3fff) + 1, 'srgb');
}

function headerOf(
  width: number,
  height: number,
  space: 'srgb' | 'b-w',
  orientation?: number,
  icc?: Buffer,
): Header | undefined {
  if (width === 0 || height === 0) return undefined;
  const lies = orientation !== undefined && orientation > 4;
  const autoOrient = lies ? { width: height, height: width } : { width, height };
  return { autoOrient, space, depth: 'uchar', ...(orientation && { orientation }), ...(icc && { icc }) };
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const startsWith = (bytes: Uint8Array, prefix: string): boolean =>
  bytes.length >= prefix.length &&
  Buffer.from(bytes.buffer, bytes.byteOffset, prefix.length).toString('latin1') === prefix;
