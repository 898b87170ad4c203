import { createHash } from 'node:crypto';

/** Identity of a later frame: the file's content, and which frame. */
export const frameDigest = (sha256: Uint8Array, frame: number): Uint8Array =>
  createHash('sha256').update(sha256).update(`#${frame}`).digest();
