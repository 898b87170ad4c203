import { fail } from '#shared/contract/errors';
import type { NamedFile } from '../transport/dropped';
import type { VideoFile } from './videoFile';

/** A video that can be taken apart. What closes it is the signal that it was opened with. */
export interface OpenVideo {
  readonly name: string;
  /** Frames that its container lists. */
  readonly frames: number;
  readonly seconds: number;
  /** As it is meant to be seen: turned as it says, of square pixels. */
  readonly width: number;
  readonly height: number;
  /**
   * Every so many frames as PNG, one at a time, as they are asked for. `job.cancelled` once the signal is aborted; `video.damaged` where nothing can be decoded,
   * `video.broken-off` after the pictures of the part that could be.
   */
  pictures(every: number): AsyncGenerator<NamedFile>;
}

/** Opens a video; `video.no-decoder`, `video.codec-unknown`, `video.no-track`, `video.damaged`, `job.cancelled`. */
export async function openVideo(file: VideoFile, signal: AbortSignal): Promise<OpenVideo> {
  if (!('VideoDecoder' in globalThis)) return fail('video.no-decoder');
  // Loaded when a video comes: the studio starts without it.
  const { takeApart } = await import('./takeApart');
  return takeApart(file, signal);
}
