import { promisify } from 'node:util';
import { crc32, deflate, inflate } from 'node:zlib';
import { limits } from '#shared/contract/limits';
import type { PictureBatch } from '#shared/contract/types';

/**
 * PNG (W3C, third edition), as far as Ganvas needs it for its own files: 8 bits, grey or RGB, not interlaced. Not the picture library, because that
 * cannot add text chunks and must not be loaded into every thread and host; the user's files are read by store/decode, never by this reader.
 */
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PAETH = 4;
const COLOUR_TYPE = { 1: 0, 3: 2 } as const;
const deflateAsync = promisify(deflate);
const inflateAsync = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/** Thrown for bytes that are no PNG of this kind. */
export class PngError extends Error {
  override readonly name = 'PngError';
}

/** Encodes the first picture of a batch, with text (keyword of 1–79 Latin-1 characters → UTF-8 text) in iTXt chunks. */
export async function encodePngPicture(picture: PictureBatch, text: Readonly<Record<string, string>> = {}) {
  const { width, height, channels } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = COLOUR_TYPE[channels];
  const data = await deflateAsync(filterRows(picture), { level: 6 });
  const chunks = [pngChunk('IHDR', header)];
  for (const [keyword, value] of Object.entries(text)) {
    // Keyword, then: not compressed, no language, no translated keyword.
    chunks.push(pngChunk('iTXt', Buffer.concat([Buffer.from(keyword, 'latin1'), Buffer.alloc(5), Buffer.from(value)])));
  }
  return Buffer.concat([SIGNATURE, ...chunks, pngChunk('IDAT', data), pngChunk('IEND', Buffer.alloc(0))]);
}

/** A chunk: length, type, data, checksum. */
export function pngChunk(type: string, data: Uint8Array): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}

/** Rows by the Paeth filter, which suits photographs and generated pictures best of the fixed choices; its number stands before each row. */
function filterRows({ width, height, channels, pixels }: PictureBatch): Buffer {
  const rowBytes = width * channels;
  const filtered = Buffer.alloc(height * (rowBytes + 1));
  for (let y = 0; y < height; y++) {
    const start = y * rowBytes;
    const target = y * (rowBytes + 1);
    filtered[target] = PAETH;
    for (let x = 0; x < rowBytes; x++) {
      const left = x >= channels ? (pixels[start + x - channels] as number) : 0;
      const above = y > 0 ? (pixels[start + x - rowBytes] as number) : 0;
      const corner = x >= channels && y > 0 ? (pixels[start + x - rowBytes - channels] as number) : 0;
      filtered[target + 1 + x] = (pixels[start + x] as number) - paeth(left, above, corner);
    }
  }
  return filtered;
}

/** The neighbour closest to left + above − corner (PNG, section 9.4). */
function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const toLeft = Math.abs(estimate - left);
  const toAbove = Math.abs(estimate - above);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Reads a PNG, with its text where {@link encodePngPicture} wrote it. Throws {@link PngError} for other kinds and for damage. */
export async function decodePngPicture(
  bytes: Uint8Array,
): Promise<{ readonly picture: PictureBatch; readonly text: ReadonlyMap<string, string> }> {
  const chunks = readChunks(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (header?.length !== 13) throw new PngError('it has no header');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = header[9] === COLOUR_TYPE[1] ? 1 : 3;
  if (header[8] !== 8 || header[9] !== COLOUR_TYPE[channels] || header[12] !== 0) {
    throw new PngError('only 8-bit grey or RGB without interlacing is read here');
  }
  if (width * height > limits.exportPixels) throw new PngError(`it has ${width * height} pixels`);
  const size = height * (width * channels + 1);
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((part) => part.data));
  const rows = await inflateAsync(data, { maxOutputLength: size }).catch(() => Buffer.alloc(0));
  if (rows.length !== size) throw new PngError('its pixels are damaged');
  const text = new Map<string, string>();
  for (const { type, data } of chunks) if (type === 'iTXt') text.set(...readText(data));
  const pixels = unfilterRows(rows, width * channels, height, channels);
  return { picture: { count: 1, width, height, channels, pixels }, text };
}

function readChunks(bytes: Buffer): { readonly type: string; readonly data: Buffer }[] {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new PngError('it is not a PNG');
  const chunks = [];
  for (let position = SIGNATURE.length; position + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(position);
    const end = position + 8 + length;
    if (end + 4 > bytes.length) break;
    if (crc32(bytes.subarray(position + 4, end)) !== bytes.readUInt32BE(end)) throw new PngError('a checksum is wrong');
    chunks.push({
      type: bytes.toString('latin1', position + 4, position + 8),
      data: bytes.subarray(position + 8, end),
    });
    position = end + 4;
  }
  if (chunks.at(-1)?.type !== 'IEND') throw new PngError('its end is missing');
  return chunks;
}

/** Keyword and text of an iTXt chunk as this program writes it. */
function readText(data: Buffer): [string, string] {
  const end = data.indexOf(0);
  return [data.toString('latin1', 0, end), data.toString('utf8', end + 5)];
}

/** What each filter adds to a byte, by its number (PNG, section 9.2), from the bytes to the left, above and in the corner. */
const predictors: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

function unfilterRows(rows: Buffer, rowBytes: number, height: number, channels: number): Uint8Array {
  const pixels = new Uint8Array(height * rowBytes);
  for (let y = 0; y < height; y++) {
    const source = y * (rowBytes + 1);
    const predict = predictors[rows[source] as number];
    if (!predict) throw new PngError(`row ${y} has an unknown filter`);
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x >= channels ? (pixels[at - channels] as number) : 0;
      const above = y > 0 ? (pixels[at - rowBytes] as number) : 0;
      const corner = x >= channels && y > 0 ? (pixels[at - rowBytes - channels] as number) : 0;
      pixels[at] = (rows[source + 1 + x] as number) + predict(left, above, corner);
    }
  }
  return pixels;
}
