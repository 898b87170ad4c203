import type { LatentWalk } from '#shared/math/latentWalk';

/** Width and height of a file's picture, pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A grid without gaps, every pixel enlarged to `scale` × `scale`; a short last row stays black at its end. */
export function gridSize(side: number, count: number, columns: number, scale: number): PictureSize {
  return { width: columns * side * scale, height: Math.ceil(count / columns) * side * scale };
}

/** Columns of a grid that is about as wide as high. */
export function squareColumns(count: number): number {
  return Math.max(1, Math.ceil(Math.sqrt(count)));
}

/**
 * The most bytes that a PNG of that size takes for its pixels: one byte a value and one a row. Compression makes it less, by how much nobody knows
 * before it is done.
 */
export function largestPngBytes({ width, height }: PictureSize, channels: 1 | 3): number {
  return height * (width * channels + 1);
}

/** Frames and seconds of an animation; a loop walks back without standing twice at its ends. */
export function animationLength(
  { frames, loop }: Pick<LatentWalk, 'frames' | 'loop'>,
  framesPerSecond: number,
): { readonly frames: number; readonly seconds: number } {
  const played = loop ? Math.max(2, 2 * frames - 2) : frames;
  return { frames: played, seconds: played / framesPerSecond };
}

/** Frames that a preview draws; a longer walk is previewed by fewer of its frames at its own speed. */
export const PREVIEW_FRAMES = 90;

/** Bytes of the generator's weights as float32, which make up nearly all of its ONNX file. */
export function modelBytes(parameters: number): number {
  return parameters * 4;
}

/** Numbers of the classes that a grid shows, of so many; undefined: each seed's own. */
export function gridClassNumbers(chosen: 'seed' | 'all' | number, classes: number): number[] | undefined {
  if (chosen === 'seed' || classes === 0) return undefined;
  return chosen === 'all' ? Array.from({ length: classes }, (_, number) => number) : [chosen];
}

/** `5 × 4 = 20` seeds from one typed first seed. */
export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
