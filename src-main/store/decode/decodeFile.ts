import { limits } from '#shared/contract/limits';
import { decodePicture } from './decodePicture';
import { refuse, type DecodeOptions, type DecodeOutcome, type FileDigest } from './picture';
import { readBytesHere, readPictureFile, type FileToRead } from './pictureFile';

/** The hash of a file's content. The thread does nothing else meanwhile. */
export async function digestFile(file: FileToRead): Promise<FileDigest> {
  const read = await readPictureFile(file, readBytesHere);
  return read.ok ? { ok: true, sha256: read.sha256 } : read;
}

/**
 * Reads a file and decodes it as {@link decodePicture} does; refuses one whose hash was another. One that was hashed before is read once more: the system still has
 * it at hand, and no process must send its bytes to another.
 */
export async function decodeFile(
  file: FileToRead,
  options: DecodeOptions,
  sha256?: Uint8Array,
  timeoutMs: number = limits.decodeTimeoutMs,
  onFrame: () => void = () => undefined,
): Promise<DecodeOutcome> {
  const read = await readPictureFile(file, readBytesHere);
  if (!read.ok) return refuse(read.code, read.detail);
  if (sha256 && Buffer.compare(read.sha256, sha256) !== 0)
    return refuse('unreadable', 'it was changed while it was read');
  onFrame();
  return decodePicture(read.bytes, options, timeoutMs, onFrame);
}
