import type { PictureFit } from '#shared/contract/types';
import { regionOf, squareOf, type Square } from '#shared/dataset/fit';

/** Where a picture of some size lies in the square that shows it whole, pixels of the square. */
export interface Placed {
  readonly left: number;
  readonly top: number;
  /** Pixels of the square a pixel of the picture. */
  readonly scale: number;
}

export function placedIn(side: number, width: number, height: number): Placed {
  const scale = side / Math.max(width, height, 1);
  return { left: (side - width * scale) / 2, top: (side - height * scale) / 2, scale };
}

/** The square that is used of a picture, as far as it is known before the decoder looks: by hand, or the middle one. */
export function usedSquare(fit: PictureFit, width: number, height: number): Square | undefined {
  if (fit.region) return squareOf(fit, width, height);
  return fit.crop === 'centre' ? middleSquare(width, height) : undefined;
}

function middleSquare(width: number, height: number): Square {
  const side = Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}

/** Smallest side of a square by hand, as a part of the picture's shorter side. */
const SMALLEST = 0.05;

/** The fit with its square moved by so many pixels of the picture, or scaled round its middle; a fit without a square begins with the middle one. */
export function movedSquare(
  fit: PictureFit,
  width: number,
  height: number,
  move: { readonly right?: number; readonly down?: number; readonly scale?: number },
): PictureFit {
  const shorter = Math.min(width, height);
  const before = usedSquare(fit, width, height) ?? middleSquare(width, height);
  const side = Math.max(shorter * SMALLEST, Math.min(shorter, before.side * (move.scale ?? 1)));
  const grown = (before.side - side) / 2;
  const square = { left: before.left + grown + (move.right ?? 0), top: before.top + grown + (move.down ?? 0), side };
  return { crop: 'centre', background: fit.background, region: regionOf(square, width, height) };
}

/** A corner of the square: 0 for its left or top edge, 1 for its right or bottom one. */
export interface Corner {
  readonly x: 0 | 1;
  readonly y: 0 | 1;
}

export const corners: readonly Corner[] = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: 1, y: 1 },
];

/** Place of a corner, pixels of the picture. */
export const cornerOf = ({ left, top, side }: Square, { x, y }: Corner) => ({
  left: left + x * side,
  top: top + y * side,
});

/** The fit with a corner of its square drawn to a place of the picture: the corner across stays where it is, and the square inside the picture. */
export function resizedSquare(
  fit: PictureFit,
  width: number,
  height: number,
  corner: Corner,
  to: { readonly left: number; readonly top: number },
): PictureFit {
  const before = usedSquare(fit, width, height) ?? middleSquare(width, height);
  const across = { x: corner.x === 0 ? 1 : 0, y: corner.y === 0 ? 1 : 0 } as const;
  const fixed = cornerOf(before, across);
  const [right, down] = [corner.x === 1 ? 1 : -1, corner.y === 1 ? 1 : -1];
  const wanted = Math.max(right * (to.left - fixed.left), down * (to.top - fixed.top));
  const room = Math.min(right > 0 ? width - fixed.left : fixed.left, down > 0 ? height - fixed.top : fixed.top);
  const side = Math.min(room, Math.max(Math.min(width, height) * SMALLEST, wanted));
  const square = { left: fixed.left - across.x * side, top: fixed.top - across.y * side, side };
  return { crop: 'centre', background: fit.background, region: regionOf(square, width, height) };
}
