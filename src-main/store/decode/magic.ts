import { isCameraRaw } from './cameraRaw';

/** What a file's bytes say it is. `refused` formats are pictures, but not ones that are decoded; `archive`: one that is not opened, by its kind or its name; `undefined` is none of these. */
export interface Sniffed {
  readonly kind: 'accepted' | 'refused' | 'video' | 'archive';
  readonly format: string;
}

const accepted = (format: string): Sniffed => ({ kind: 'accepted', format });
const refused = (format: string): Sniffed => ({ kind: 'refused', format });
const video = (format: string): Sniffed => ({ kind: 'video', format });
const archive = (format: string): Sniffed => ({ kind: 'archive', format });
const CAMERA_RAW = refused('camera raw, which must be developed first,');

/** Prefixes in Latin-1, from each format's specification. */
const prefixes: readonly (readonly [string, Sniffed])[] = [
  ['\x89PNG\r\n\x1a\n', accepted('PNG')],
  ['\xff\xd8\xff', accepted('JPEG')],
  ['GIF87a', accepted('GIF')],
  ['GIF89a', accepted('GIF')],
  ['II*\0', accepted('TIFF')],
  ['MM\0*', accepted('TIFF')],
  ['II+\0', refused('BigTIFF')],
  ['MM\0+', refused('BigTIFF')],
  ['BM', accepted('BMP')],
  ['\0\0\x01\0', refused('ICO')],
  ['FUJIFILMCCD-RAW', CAMERA_RAW],
  ['IIRO', CAMERA_RAW],
  ['IIRS', CAMERA_RAW],
  ['MMOR', CAMERA_RAW],
  ['IIU\0', CAMERA_RAW],
  ['PK\x03\x04', archive('a zip archive under another name')],
  ['\x1f\x8b', archive('a gzip archive under another name')],
  ['7z\xbc\xaf\x27\x1c', archive('a 7z archive')],
  ['Rar!\x1a\x07', archive('a RAR archive')],
  ['\xfd7zXZ\0', archive('an xz archive')],
  ['\x28\xb5\x2f\xfd', archive('a Zstandard archive')],
  ['\x1a\x45\xdf\xa3', video('Matroska or WebM')],
  ['8BPS', refused('Photoshop')],
  ['\xff\x0a', refused('JPEG XL')],
  ['\0\0\0\x0cJXL ', refused('JPEG XL')],
  ['\0\0\0\x0cjP  ', refused('JPEG 2000')],
];

/** Brands of ISO base media files (ISO/IEC 14496-12, `ftyp`). */
const brands: Readonly<Record<string, Sniffed>> = {
  avif: accepted('AVIF'),
  avis: accepted('AVIF'),
  heic: refused('HEIC'),
  heix: refused('HEIC'),
  hevc: refused('HEIC'),
  hevx: refused('HEIC'),
  'crx ': CAMERA_RAW,
  mif1: refused('HEIF'),
  msf1: refused('HEIF'),
};

/** Other brands of such files, each with its numbers and letters: MP4 and its kin, QuickTime. */
const videoBrands = [
  [/^(?:iso|mp4|avc|M4V|dash|3g|MSNV|f4v)/, video('MP4')],
  [/^qt /, video('QuickTime')],
] as const;

function brandOf(brand: string): Sniffed | undefined {
  return Object.hasOwn(brands, brand) ? brands[brand] : videoBrands.find(([pattern]) => pattern.test(brand))?.[1];
}

/**
 * Looks at the first bytes, and of a TIFF at its first directory; the file's name plays no part. A decoder is only handed what passes, so that the formats whose decoders
 * run scripts or read other files (SVG, PDF) never reach one.
 */
export function sniff(bytes: Uint8Array): Sniffed | undefined {
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return accepted('WebP');
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'AVI ') return video('AVI');
  if (head.slice(4, 8) === 'ftyp') {
    // An AVIF may name `mif1` first and `avif` among the compatible brands.
    const length = Math.min(bytes[3] ?? 0, 64);
    const named = (head.slice(8, 12) + head.slice(16, length)).match(/.{4}/gs) ?? [];
    const known = named.flatMap((brand) => brandOf(brand) ?? []);
    return known.find(({ kind }) => kind === 'accepted') ?? known[0];
  }
  if (/^\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^]*)?<svg/i.test(head)) return refused('SVG');
  if (/^BZh[1-9]1AY&SY/.test(head)) return archive('a bzip2 archive');
  // POSIX.1-2001, “ustar Interchange Format”.
  if (head.slice(257, 262) === 'ustar') return archive('a tar archive under another name');
  const known = prefixes.find(([prefix]) => head.startsWith(prefix))?.[1];
  return known?.format === 'TIFF' && isCameraRaw(bytes) ? CAMERA_RAW : known;
}
