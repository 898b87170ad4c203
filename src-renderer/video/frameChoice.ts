import { limits } from '#shared/contract/limits';

/** Pictures that the videos of one drop give together where nobody says otherwise. */
const PICTURES = 300;

/** Every so many frames, so that some hundreds of pictures come. */
export function defaultEvery(frames: number): number {
  return Math.min(limits.everyFrame, Math.max(1, Math.round(frames / PICTURES)));
}

/** Pictures that a video of so many frames gives: the first frame, and every so many after it. */
export const framesTaken = (frames: number, every: number): number => Math.ceil(frames / every);

/** A video's name without its ending. */
export const stemOf = (video: string): string => video.replace(/\.[^.]*$/, '');

/** Name of a frame's picture, by its number from 0: the same frame has the same name in every import. */
export const frameName = (video: string, number: number): string =>
  `${stemOf(video)}-${String(number).padStart(6, '0')}.png`;

/** Size of a frame's picture, pixels: the video's own, or smaller by the same part on both sides. */
export function pictureSize(
  width: number,
  height: number,
  longest: number = limits.videoPictureSide,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
