import { limits } from '#shared/contract/limits';
import { decodePicture } from './decodePicture';
import type { DecodedFile, DecodeOptions, FileDigest, FileToRead, TellProgress } from './picture';
import { readBytesHere, readPictureFile } from './pictureFile';

/** The hash of a file's content. The thread does nothing else meanwhile. */
export async function digestFile(file: FileToRead, tell: TellProgress = () => undefined): Promise<FileDigest> {
  const read = await readPictureFile(
    file,
    readBytesHere(() => tell('working')),
  );
  return read.ok ? { ok: true, sha256: read.sha256 } : read;
}

/** Reads a file and decodes it as {@link decodePicture} does. */
export async function decodeFile(
  file: FileToRead,
  options: DecodeOptions,
  timeoutMs: number = limits.decodeTimeoutMs,
  tell: TellProgress = () => undefined,
): Promise<DecodedFile> {
  const read = await readPictureFile(
    file,
    readBytesHere(() => tell('working')),
  );
  if (!read.ok) return read;
  const { bytes, sha256 } = read;
  const outcome = await decodePicture(bytes, options, timeoutMs, tell);
  return outcome.ok ? { ...outcome, sha256, bytes: bytes.length } : { ...outcome, sha256 };
}
