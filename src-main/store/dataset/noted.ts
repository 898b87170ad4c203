import { posix } from 'node:path';
import { bitsOf, type PictureFlag } from '#shared/contract/pictureFlags';
import type { ImportProposal } from '#shared/contract/types';
import type { DecodedPicture } from '../decode/picture';

/** Mean luma under which there is little to see, and deviation under which there is nothing but a colour; of 255. */
const DARK = 20;
const BLANK = 4;

/** Endings of names that each format goes by; other endings claim another format. */
const endings: Readonly<Record<string, readonly string[]>> = {
  PNG: ['png', 'apng'],
  JPEG: ['jpg', 'jpeg', 'jpe', 'jfif'],
  WebP: ['webp'],
  AVIF: ['avif', 'avifs', 'heif'],
  GIF: ['gif'],
  TIFF: ['tif', 'tiff'],
  BMP: ['bmp', 'dib'],
};
const claimed = new Set(Object.values(endings).flat());

/** {@link pictureFlags} of a picture, as bits: what the decoder mended, and what is worth a second look. */
export function notedIn(
  picture: DecodedPicture,
  name: string,
  { size, channels }: ImportProposal,
  isFrame: boolean,
): number {
  const flags: PictureFlag[] = [];
  const ending = posix.extname(name).slice(1).toLowerCase();
  if (claimed.has(ending) && !endings[picture.format]?.includes(ending)) flags.push('wrong-extension');
  if (isFrame) flags.push('frame');
  if (Math.min(picture.width, picture.height) < size) flags.push('too-small');
  if (picture.mean < DARK) flags.push('too-dark');
  if (picture.deviation < BLANK) flags.push('near-blank');
  if (channels === 3 && picture.grey) flags.push('grey');
  return (picture.flags | bitsOf(flags)) >>> 0;
}
