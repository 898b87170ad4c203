import { limits } from '#shared/contract/limits';
import type { VideoPart } from '#shared/contract/types';
import type { Client } from '../transport/client';

/** A video that waits to be taken apart. */
export interface VideoFile {
  /** Its frames are called after it; with the folders that it lies in, where it came in one. */
  readonly name: string;
  /** What the browser holds, or what the studio reads from its disk. */
  readonly source: Blob | VideoReader;
}

export interface VideoReader {
  size(): Promise<number>;
  /** From `start` to before `end`, within the file. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Reads a video that an import's report lists, by its place there. */
export function reportedVideo(
  client: Pick<Client, 'call'>,
  place: { readonly projectId: string; readonly import: number; readonly video: number },
): VideoReader {
  const part = (from: number, count: number): Promise<VideoPart> =>
    client.call('datasets.videoPart', { ...place, from, count });
  return {
    size: async () => (await part(0, 1)).size,
    async read(start, end) {
      const bytes = new Uint8Array(end - start);
      for (let done = 0; done < bytes.length;) {
        const { bytes: next } = await part(start + done, Math.min(bytes.length - done, limits.videoPartBytes));
        // The file has become shorter.
        if (next.length === 0) return bytes.subarray(0, done);
        bytes.set(next, done);
        done += next.length;
      }
      return bytes;
    },
  };
}
