import { describe, expect, it } from 'vitest';
import { LatentPoint } from '#shared/math/latent';
import { describePoint, drawSeed, gridPoints, seedPoints, seedsOfPage } from './latentPoints';

describe('points of the explorer', () => {
  it('names a page of seeds by its first', () => {
    expect(seedsOfPage(40, 3)).toEqual([40, 41, 42]);
    expect(seedPoints([7])).toEqual([{ kind: 'seed', seed: 7 }]);
  });

  it('lays the square out row by row, corners included', () => {
    const grid = gridPoints([1, 2, 3, 4], 'lerp', 3);
    expect(grid).toHaveLength(9);
    expect(grid[0]).toMatchObject({ u: 0, v: 0 });
    expect(grid[2]).toMatchObject({ u: 1, v: 0 });
    expect(grid[6]).toMatchObject({ u: 0, v: 1 });
    expect(grid[8]).toMatchObject({ u: 1, v: 1 });
  });

  it('makes only points that the contract takes', () => {
    const points = [...gridPoints([1, 2, 3, 4], 'slerp', 6), ...seedPoints([0])];
    for (const point of points) expect(LatentPoint.safeParse(point).success).toBe(true);
  });

  it('says where a point is', () => {
    expect(describePoint({ kind: 'seed', seed: 12 })).toBe('Seed 12');
    expect(describePoint({ kind: 'between', from: 1, to: 2, t: 0.254, mode: 'lerp' })).toBe('25 % from seed 1 to 2');
  });

  it('draws whole seeds from 0 on', () => {
    expect(drawSeed(0)).toBe(0);
    expect(drawSeed(0.999999999)).toBe(99_999);
  });
});
