import { limits } from '#shared/contract/limits';
import { looksOf } from '../pictures/looks';
import { isGrey } from './grey';
import { plainJpeg } from './jpeg/plainJpeg';
import type * as Library from './libraryPicture';
import { sniff } from './magic';
import { refuse, type DecodedPicture, type DecodeOptions, type DecodeOutcome, type TellProgress } from './picture';

/**
 * One training picture from a file's bytes, which may come from anywhere: oriented as EXIF says, converted to sRGB by its colour profile, fitted into the
 * square with Lanczos and laid on the background colour; further frames where they are asked for. Plain JPEGs are decoded here, all else by libvips. Bytes that cannot be used are refused with a code and
 * the decoder's words. `timeoutMs`: for the picture, and then for each step towards further frames, of which `tell` is told.
 */
export async function decodePicture(
  bytes: Uint8Array,
  options: DecodeOptions,
  timeoutMs: number = limits.decodeTimeoutMs,
  tell: TellProgress = () => undefined,
): Promise<DecodeOutcome> {
  if (bytes.length === 0) return refuse('empty', 'the file has no bytes');
  const sniffed = sniff(bytes);
  if (!sniffed) return refuse('not-a-picture', 'it begins like no picture format that is known');
  if (sniffed.kind === 'refused') return refuse('unsupported', `${sniffed.format} is not read`);
  if (sniffed.kind === 'archive') return refuse('archive', `${sniffed.format} is not opened`);
  if (sniffed.kind === 'video') return refuse('video', `${sniffed.format}, of which frames can be taken`);
  const { format } = sniffed;
  const frame = options.frame ?? 0;
  const plain = format === 'JPEG' && frame === 0 ? decodePlainJpeg(bytes, options) : undefined;
  if (plain) return { ok: true, ...plain };
  const { decodeByLibrary } = await loadLibrary(tell);
  return decodeByLibrary(bytes, format, options, timeoutMs, () => tell('working'));
}

let loaded = false;

/** What needs the picture library, loaded with the first picture that does: that takes a sixth of a second, and many folders hold plain JPEGs alone. */
export async function loadLibrary(tell: TellProgress): Promise<typeof Library> {
  if (!loaded) tell('loading');
  const library = await import('./libraryPicture');
  if (!loaded) tell('working');
  loaded = true;
  return library;
}

/** A JPEG as most are, without libvips; undefined for one that is to be handed to it. */
function decodePlainJpeg(bytes: Uint8Array, options: DecodeOptions): DecodedPicture | undefined {
  const plain = plainJpeg(bytes, options);
  if (!plain) return undefined;
  const { size, channels } = options;
  const grey = channels === 1 || isGrey(plain.pixels);
  return { ...plain, grey, format: 'JPEG', flags: 0, frame: 0, ...looksOf(plain.pixels, size, channels) };
}
