import { BmpError } from './bmp';
import { refuse, type DecodeOutcome } from './picture';

const DETAIL_LENGTH = 200;

/** How the library's complaints name what reads each format. */
const READERS: Readonly<Record<string, string>> = {
  JPEG: 'jpeg',
  PNG: 'png',
  WebP: 'webp',
  AVIF: 'heif',
  GIF: 'gif',
  TIFF: 'tiff',
};

/** Why a file of this format was not decoded, by what was thrown: libvips tells by words alone, one line a complaint. */
export function refusalOf(error: unknown, format: string): DecodeOutcome {
  const message = error instanceof Error ? error.message : String(error);
  const detail = complaintOf(message, format).slice(0, DETAIL_LENGTH);
  if (/pixel limit/i.test(message)) return refuse('too-many-pixels', detail);
  if (/timeout/i.test(message)) return refuse('timeout', detail);
  if (error instanceof BmpError && /not read/.test(message)) return refuse('unsupported', detail);
  return refuse('corrupt', detail);
}

/**
 * The first complaint that is not another's: libvips keeps one list of them for the whole process, which the decoders beside this one write to, and empty. So
 * a later one, were it more telling, may be there or not.
 */
function complaintOf(message: string, format: string): string {
  const others = Object.entries(READERS).filter(([name]) => name !== format);
  const isAnothers = (line: string) => others.some(([, reader]) => line.toLowerCase().includes(reader));
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => !isAnothers(line)) ?? 'the decoder does not say what is wrong with it';
}
