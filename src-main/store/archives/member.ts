import { inflateRaw, crc32 } from 'node:zlib';
import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Where a file's bytes lie within an archive. */
export type Member =
  | { readonly kind: 'stored'; readonly offset: number; readonly bytes: number }
  /** `offset` is that of its local header; what is read is checked by `bytes` and `crc32`. */
  | {
      readonly kind: 'zipped';
      readonly offset: number;
      readonly bytes: number;
      readonly compressedBytes: number;
      readonly deflated: boolean;
      readonly crc32: number;
    };

/** Thrown for bytes that are no sound archive or member; `message` says what is wrong. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/** Thrown after the last whole member of an archive that is cut short. */
export class CutShortError extends ArchiveError {
  constructor() {
    super('it is cut short');
  }
}

const inflate = promisify(inflateRaw);
/** PKWARE APPNOTE 4.3.7: signature, then name and extra field at the header's end. */
const LOCAL_HEADER = { bytes: 30, signature: 0x04034b50, nameLength: 26, extraLength: 28 } as const;

/** Reads one member whole. No more than its declared size is ever unpacked: {@link ArchiveError} when there is more, or less. */
export async function readMember(archive: string, member: Member): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(archive, 'r');
  try {
    if (member.kind === 'stored') return await readExactly(file, member.offset, member.bytes);
    const start = await dataStart(file, member.offset);
    const packed = await readExactly(file, start, member.compressedBytes);
    const bytes = member.deflated ? await unpack(packed, member.bytes) : packed;
    if (bytes.length !== member.bytes || crc32(bytes) !== member.crc32) {
      throw new ArchiveError('its content is not what the archive says');
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function dataStart(file: FileHandle, offset: number): Promise<number> {
  const header = Buffer.from((await readExactly(file, offset, LOCAL_HEADER.bytes)).buffer);
  if (header.readUInt32LE(0) !== LOCAL_HEADER.signature) throw new ArchiveError('it is not where the archive says');
  return (
    offset +
    LOCAL_HEADER.bytes +
    header.readUInt16LE(LOCAL_HEADER.nameLength) +
    header.readUInt16LE(LOCAL_HEADER.extraLength)
  );
}

async function unpack(packed: Uint8Array, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // One byte more than declared, so that a member that goes on is told from one that ends.
    return Uint8Array.from(await inflate(packed, { maxOutputLength: bytes + 1 }));
  } catch (error) {
    throw new ArchiveError(`it cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new ArchiveError('the archive ends within it');
    done += bytesRead;
  }
  return bytes;
}
