import { describe, expect, it } from 'vitest';
import { latentWalk } from '#shared/math/latentWalk';
import { animationLength, gridSize, largestPngBytes, seedsFrom, squareColumns } from './exportPlan';

describe('what an export will be', () => {
  it('a grid has no gaps and a whole number of rows', () => {
    expect(gridSize(64, 10, 4, 2)).toEqual({ width: 512, height: 384 });
    expect(squareColumns(10)).toBe(4);
    expect(squareColumns(1)).toBe(1);
  });

  it('a PNG is never larger than its pixels and a byte a row', () => {
    expect(largestPngBytes({ width: 10, height: 2 }, 3)).toBe(62);
    expect(largestPngBytes({ width: 10, height: 2 }, 1)).toBe(22);
  });

  it.each([
    { frames: 60, loop: true },
    { frames: 60, loop: false },
    { frames: 2, loop: true },
  ])('an animation of $frames frames (loop: $loop) has as many as its walk', ({ frames, loop }) => {
    const walk = latentWalk({ from: 1, to: 2, frames, mode: 'slerp', loop });
    expect(animationLength({ frames, loop }, 30)).toEqual({ frames: walk.length, seconds: walk.length / 30 });
  });

  it('seeds count up from the first', () => {
    expect(seedsFrom(7, 3)).toEqual([7, 8, 9]);
  });
});
