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

/** libvips keeps one list of complaints for the whole process: of what the decoders beside this one met, nothing is told. */
function complaintOf(message: string, format: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const names = (line: string, reader: string | undefined) =>
    reader !== undefined && line.toLowerCase().includes(reader);
  const own = READERS[format];
  const isAnothers = (line: string) => Object.values(READERS).some((reader) => reader !== own && names(line, reader));
  return (
    lines.find((line) => names(line, own)) ??
    lines.find((line) => !isAnothers(line)) ??
    'the decoder does not say what is wrong with it'
  );
}
