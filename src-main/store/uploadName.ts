import { posix } from 'node:path';
import { limits } from '#shared/contract/limits';

/** What most file systems take for one name is 255 bytes; the rest is left for a number that tells two files apart. */
const SEGMENT_BYTES = 200;
const ENDING_BYTES = 20;

/**
 * Where an uploaded file is put inside its own folder: the segments of its path, each a plain name on this system.
 * Undefined refuses it: absolute, climbing (`..`), with a NUL, too long or too deep. Backslashes, and characters that the
 * system cannot hold, are replaced, so that one odd name does not stop a folder's upload.
 */
export function uploadSegments(name: string, platform: NodeJS.Platform = process.platform): string[] | undefined {
  if (name.length === 0 || name.length > limits.uploadNameLength) return undefined;
  if (name.includes('\0')) return undefined;
  const segments = name.normalize('NFC').split('/');
  if (segments.length > limits.uploadDepth) return undefined;
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) return undefined;
  return segments.map((segment) => shorten(platform === 'win32' ? forWindows(segment) : printable(segment)));
}

// Control characters are legal in names, and spoil terminals and reports; a backslash parts folders on Windows.
const printable = (segment: string): string => segment.replace(/\p{Cc}|\\/gu, '_');

/** Windows knows characters, endings and device names that are no file names. */
function forWindows(segment: string): string {
  const legal = printable(segment)
    .replace(/[<>:"|?*]/g, '_')
    .replace(/[. ]$/, '_');
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(legal) ? `_${legal}` : legal;
}

/** Cuts a name to what file systems hold, between characters, keeping its ending. */
function shorten(segment: string): string {
  if (Buffer.byteLength(segment) <= SEGMENT_BYTES) return segment;
  const { name, ext } = posix.parse(segment);
  const ending = Buffer.byteLength(ext) <= ENDING_BYTES ? ext : '';
  let room = SEGMENT_BYTES - Buffer.byteLength(ending);
  let stem = '';
  for (const character of ending ? name : segment) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    stem += character;
  }
  return stem + ending;
}
