import { describe, expect, it } from 'vitest';
import type { PictureFit } from '#shared/contract/types';
import { movedSquare, placedIn, usedSquare } from './cropGeometry';

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

  it('is drawn where the whole picture lies on its stage', () => {
    expect(placedIn(300, 600, 300)).toEqual({ left: 0, top: 75, scale: 0.5 });
    expect(placedIn(300, 100, 300)).toEqual({ left: 100, top: 0, scale: 1 });
  });
});
