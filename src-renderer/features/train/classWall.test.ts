import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sheetPlan } from '#shared/math/sampleSheet';
import { firstOfClasses, planClassWall } from './classWall';

describe('planClassWall', () => {
  it('covers the wall: few classes in several rows each, many side by side', () => {
    const room = { width: 860, height: 680, gap: 2 };
    expect(planClassWall({ classes: 2, latents: 32, side: 32 }, room)).toEqual({ perClass: 10, columns: 5, scale: 5 });
    expect(planClassWall({ classes: 10, latents: 6, side: 32 }, room)).toEqual({ perClass: 3, columns: 6, scale: 4 });
  });

  it('fits its place, with whole rows of each class', () => {
    const place = { width: fc.integer({ min: 300, max: 4000 }), height: fc.integer({ min: 300, max: 4000 }) };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 16, max: 256 }),
        fc.record(place),
        (count, side, room) => {
          const { latents, classes } = sheetPlan(count);
          const plan = planClassWall({ classes: classes.length, latents, side }, { ...room, gap: 2 });
          if (!plan) return;
          const { perClass, columns, scale } = plan;
          const rows = Math.ceil((classes.length * perClass) / columns);
          expect(columns * (side * scale + 2) - 2).toBeLessThanOrEqual(room.width);
          expect(rows * (side * scale + 2) - 2).toBeLessThanOrEqual(room.height);
          expect(perClass).toBeLessThanOrEqual(latents);
          expect(Math.min(columns % perClass, perClass % columns)).toBe(0);
        },
      ),
    );
  });
});

describe('firstOfClasses', () => {
  it('keeps the order of the classes', () => {
    const batch = {
      count: 6,
      width: 1,
      height: 1,
      channels: 1,
      pixels: Uint8Array.of(10, 11, 12, 20, 21, 22),
    } as const;
    expect([...firstOfClasses(batch, 3, 2).pixels]).toEqual([10, 11, 20, 21]);
  });
});
