import { describe, expect, it } from 'vitest';
import type { PictureFit } from '#shared/contract/types';
import { corners, movedSquare, placedIn, resizedSquare, usedSquare } from './cropGeometry';

const centre: PictureFit = { crop: 'centre', background: '#ffffff' };

describe('the square that is used', () => {
  it('is the middle one until it is moved, and stays inside the picture', () => {
    expect(usedSquare(centre, 400, 200)).toEqual({ left: 100, top: 0, side: 200 });
    expect(usedSquare({ ...centre, crop: 'attention' }, 400, 200)).toBeUndefined();
    const moved = movedSquare(centre, 400, 200, { right: 50, down: 30 });
    expect(usedSquare(moved, 400, 200)).toEqual({ left: 150, top: 0, side: 200 });
    expect(usedSquare(movedSquare(moved, 400, 200, { right: 999 }), 400, 200)?.left).toBe(200);
  });

  it('is scaled round its middle, within bounds', () => {
    const half = movedSquare(centre, 400, 200, { scale: 0.5 });
    expect(usedSquare(half, 400, 200)).toEqual({ left: 150, top: 50, side: 100 });
    expect(usedSquare(movedSquare(half, 400, 200, { scale: 100 }), 400, 200)?.side).toBe(200);
    expect(usedSquare(movedSquare(half, 400, 200, { scale: 1e-9 }), 400, 200)?.side).toBeCloseTo(10);
  });

  it('is resized by a corner, the one across stays, and nothing leaves the picture', () => {
    const half = movedSquare(centre, 400, 200, { scale: 0.5 });
    const drawn = (corner: (typeof corners)[number], left: number, top: number) => {
      const square = usedSquare(resizedSquare(half, 400, 200, corner, { left, top }), 400, 200);
      return square && Object.fromEntries(Object.entries(square).map(([part, value]) => [part, Math.round(value)]));
    };
    expect(drawn({ x: 1, y: 1 }, 280, 160)).toEqual({ left: 150, top: 50, side: 130 });
    expect(drawn({ x: 0, y: 0 }, 190, 70)).toEqual({ left: 170, top: 70, side: 80 });
    expect(drawn({ x: 1, y: 0 }, 260, 40)).toEqual({ left: 150, top: 40, side: 110 });
    expect(drawn({ x: 0, y: 1 }, 120, 150)).toEqual({ left: 120, top: 50, side: 130 });
    expect(drawn({ x: 1, y: 1 }, 9999, 9999)).toEqual({ left: 150, top: 50, side: 150 });
    expect(drawn({ x: 0, y: 0 }, 9999, 9999)).toEqual({ left: 240, top: 140, side: 10 });
    for (const corner of corners) {
      expect(resizedSquare(centre, 200, 200, corner, { left: 100, top: 100 }).region).toMatchObject({ width: 0.5 });
    }
  });

  it('is drawn where the whole picture lies on its stage', () => {
    expect(placedIn(300, 600, 300)).toEqual({ left: 0, top: 75, scale: 0.5 });
    expect(placedIn(300, 100, 300)).toEqual({ left: 100, top: 0, scale: 1 });
  });
});
