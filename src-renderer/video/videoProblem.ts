import { GanvasError } from '#shared/contract/errors';

/** What was decoded before a video failed. */
interface Progress {
  /** Frames that came out of the decoder. */
  readonly frames: number;
  readonly pictures: number;
}

/** What a demuxer or a decoder threw over a video, in the program's own words. */
export function videoProblem(
  thrown: unknown,
  file: string,
  { aborted }: Pick<AbortSignal, 'aborted'>,
  done: Progress = { frames: 0, pictures: 0 },
): GanvasError {
  if (aborted) return new GanvasError('job.cancelled');
  if (thrown instanceof GanvasError) return thrown;
  const problem = (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.+$/, '');
  if (done.pictures === 0) return new GanvasError('video.damaged', { file, problem });
  return new GanvasError('video.broken-off', { file, problem, frame: done.frames, taken: done.pictures });
}
