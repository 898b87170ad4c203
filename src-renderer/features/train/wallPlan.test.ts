import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planWall } from './wallPlan';

describe('planWall', () => {
  it('shows fewer, larger pictures where all would leave the wall half empty', () => {
    const plan = planWall({ count: 64, side: 64 }, { width: 860, height: 680, gap: 2 });
    expect(plan).toEqual({ count: 30, columns: 6, scale: 2 });
  });

  it('shows at least sixteen, rather smaller ones', () => {
    expect(planWall({ count: 64, side: 64 }, { width: 600, height: 440, gap: 2 })).toEqual({
      count: 54,
      columns: 9,
      scale: 1,
    });
  });

  it('fits its place at any size that has room for one picture', () => {
    const place = { width: fc.integer({ min: 256, max: 4000 }), height: fc.integer({ min: 256, max: 4000 }) };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 16, max: 256 }),
        fc.record(place),
        (count, side, room) => {
          const plan = planWall({ count, side }, { ...room, gap: 2 });
          const rows = Math.ceil(plan.count / plan.columns);
          expect(plan.columns * (side * plan.scale + 2) - 2).toBeLessThanOrEqual(room.width);
          expect(rows * (side * plan.scale + 2) - 2).toBeLessThanOrEqual(room.height);
          expect(plan.count).toBeGreaterThanOrEqual(1);
          expect(plan.count).toBeLessThanOrEqual(count);
        },
      ),
    );
  });
});
