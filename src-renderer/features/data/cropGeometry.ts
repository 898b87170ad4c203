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
  const side = Math.min(width, height);
  if (fit.region) return squareOf(fit, width, height);
  return fit.crop === 'centre' ? { left: (width - side) / 2, top: (height - side) / 2, side } : undefined;
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
  const before = usedSquare(fit, width, height) ?? {
    left: (width - shorter) / 2,
    top: (height - shorter) / 2,
    side: shorter,
  };
  const side = Math.max(shorter * SMALLEST, Math.min(shorter, before.side * (move.scale ?? 1)));
  const grown = (before.side - side) / 2;
  const square = { left: before.left + grown + (move.right ?? 0), top: before.top + grown + (move.down ?? 0), side };
  return { crop: 'centre', background: fit.background, region: regionOf(square, width, height) };
}
