import { createHash } from 'node:crypto';
import { closeSync, open, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { limits } from '#shared/contract/limits';
import { ArchiveError, readMember } from '../archives/member';
import { systemCode } from '../atomic';
import { sniff } from './magic';
import type { FileToRead, Refusal } from './picture';

/** Larger files are hashed in another thread; to ask one costs as much as to hash some hundred kilobytes. */
const HASHED_HERE = 256 * 1024;
// Not a FileHandle: of a file that was only read, closing waits for nothing, and each call that goes through another thread costs a small file's reading.
const [openFile, readFrom] = [promisify(open), promisify(read)];

export type PictureFile =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256: Uint8Array }
  | ({ readonly ok: false } & Refusal);

/** Enough of a file to say what it is. */
const HEAD_BYTES = 512;

/** Reads the first `size` bytes, fewer if the file has shrunk since it was found. */
type ReadBytes = (path: string, size: number) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;

/** Reads a file whole, with its content's hash, or says why not. But by {@link readBytesHere} the bytes have a buffer of their own, fit to be transferred. */
export async function readPictureFile(
  { path, bytes: size, member }: FileToRead,
  readBytes: ReadBytes = readBytesAside,
): Promise<PictureFile> {
  if (size === 0) return { ok: false, code: 'empty', detail: 'the file has no bytes' };
  try {
    if (size > limits.uploadFileBytes) {
      const detail = `${size} bytes; at most ${limits.uploadFileBytes} are read`;
      // Nearly every video or archive is too large for a picture; what to do about it is another matter.
      const sniffed = member ? undefined : sniff(await readBytes(path, HEAD_BYTES));
      if (sniffed?.kind === 'archive') return { ok: false, code: 'archive', detail: `${sniffed.format} is not opened` };
      return { ok: false, code: sniffed?.kind === 'video' ? 'video' : 'too-large', detail };
    }
    const bytes = member ? await readMember(path, member) : await readBytes(path, size);
    return { ok: true, bytes, sha256: await digestOf(bytes) };
  } catch (error) {
    if (error instanceof ArchiveError) return { ok: false, code: 'corrupt', detail: error.message };
    return { ok: false, code: 'unreadable', detail: systemCode(error) ?? String(error) };
  }
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes.length <= HASHED_HERE) return createHash('sha256').update(bytes).digest();
  // In a thread of the system's pool: the studio goes on meanwhile, where it is the studio that reads.
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** In another thread: this one goes on meanwhile. */
async function readBytesAside(path: string, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  const file = await openFile(path, 'r');
  try {
    let done = 0;
    while (done < size) {
      const { bytesRead } = await readFrom(file, bytes, done, size - done, done);
      if (bytesRead === 0) return bytes.slice(0, done);
      done += bytesRead;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

const PIECE = 1024 * 1024;

/** Memory for one file after the other, so that it need not be cleared and collected for each of them. */
let kept = new Uint8Array(0);

/**
 * In this thread, at a third of the cost, for one that has nothing else to do and is done with a file before it reads the next one: that may lie where this one did.
 * `onPiece` is told of each megabyte: some disks are far away.
 */
export const readBytesHere =
  (onPiece: () => void): ReadBytes =>
  (path, size) => {
    if (size <= PIECE && kept.length === 0) kept = new Uint8Array(PIECE);
    const bytes = size <= PIECE ? kept.subarray(0, size) : new Uint8Array(size);
    const file = openSync(path, 'r');
    try {
      let done = 0;
      while (done < size) {
        const bytesRead = readSync(file, bytes, done, Math.min(PIECE, size - done), done);
        if (bytesRead === 0) return bytes.subarray(0, done);
        done += bytesRead;
        onPiece();
      }
      return bytes;
    } finally {
      closeSync(file);
    }
  };
