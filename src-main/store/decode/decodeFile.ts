import { limits } from '#shared/contract/limits';
import { decodePicture } from './decodePicture';
import { refuse, type DecodedFile, type DecodeOptions, type FileDigest } from './picture';
import { readBytesHere, readPictureFile, type FileToRead } from './pictureFile';

/** The hash of a file's content. The thread does nothing else meanwhile. */
export async function digestFile(file: FileToRead): Promise<FileDigest> {
  const read = await readPictureFile(file, readBytesHere);
  return read.ok ? { ok: true, sha256: read.sha256 } : read;
}

/** Reads a file and decodes it as {@link decodePicture} does. `onStep` is told when it was read, and of each further frame: from then on there is time anew. */
export async function decodeFile(
  file: FileToRead,
  options: DecodeOptions,
  timeoutMs: number = limits.decodeTimeoutMs,
  onStep: () => void = () => undefined,
): Promise<DecodedFile> {
  const read = await readPictureFile(file, readBytesHere);
  if (!read.ok) return { outcome: refuse(read.code, read.detail) };
  onStep();
  return { sha256: read.sha256, outcome: await decodePicture(read.bytes, options, timeoutMs, onStep) };
}
