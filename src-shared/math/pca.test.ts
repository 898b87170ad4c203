import { describe, expect, it } from 'vitest';
import { fillRandom } from './random';
import { principalPlane } from './pca';

describe('the principal plane', () => {
  it('finds the two directions along which points were strewn, and how much each holds', () => {
    const lots = fillRandom(new Float32Array(3 * 400), 'normal', 1, 1);
    // Wide along (0, 0, 3, 4)/5, narrower along (1, 0, 0, 0), hardly at all along (0, 1, 0, 0).
    const points = Array.from({ length: 400 }, (_, at) => {
      const [wide = 0, narrow = 0, thin = 0] = lots.subarray(3 * at, 3 * at + 3);
      return [7 + 2 * narrow, 0.01 * thin, 3 * wide, 4 * wide - 5];
    });
    const { points: placed, explained } = principalPlane(points);
    expect(explained[0]).toBeGreaterThan(0.8);
    expect(explained[0] + explained[1]).toBeGreaterThan(0.999);
    placed.forEach(([x, y], at) => {
      expect(Math.abs(x)).toBeCloseTo(Math.abs(((points[at]?.[2] ?? 0) - mean(points, 2)) / 0.6), 0);
      expect(Math.abs(y)).toBeCloseTo(Math.abs((points[at]?.[0] ?? 0) - mean(points, 0)), 0);
    });
  });

  it('has a middle for one point, and for points that are all alike', () => {
    expect(principalPlane([[1, 2]]).points).toEqual([[0, 0]]);
    expect(principalPlane([[1, 2], [1, 2]])).toEqual({ points: [[0, 0], [0, 0]], explained: [0, 0] }); // prettier-ignore
  });
});

const mean = (points: readonly (readonly number[])[], at: number) =>
  points.reduce((total, point) => total + (point[at] ?? 0), 0) / points.length;
