import { describe, expect, it } from 'vitest';
import { adapted, adaptiveStart, type AdaptiveState } from './adaptive';
import { AugmentationSettings } from './augmentation';

const settings = AugmentationSettings.parse({ adaptive: true, adaptiveTarget: 0.6, adaptivePictures: 10_000 });
const IMAGES = 16;

/** The state after as many steps with these signs. */
const after = (signs: readonly number[], start: AdaptiveState = adaptiveStart) =>
  signs.reduce((state, sign) => adapted(state, settings, sign, IMAGES), start);

describe('augmentation that adapts itself', () => {
  it('looks at four steps together before it changes anything', () => {
    expect(after([1, 1, 1]).probability).toBe(0);
    expect(after([1, 1, 1, 1])).toEqual({ probability: (4 * IMAGES) / 10_000, signs: 0, steps: 0 });
  });

  it('goes from none to all within the pictures that it is told, and no further', () => {
    const sure = (steps: number) => after(new Array<number>(steps).fill(1)).probability;
    expect(sure(624)).toBeCloseTo((624 * IMAGES) / 10_000, 10);
    expect(sure(628)).toBe(1);
    expect(sure(700)).toBe(1);
  });

  it('goes up where the mean sign is above the target, down below, and not at all on it', () => {
    const start = { probability: 0.5, signs: 0, steps: 0 };
    expect(after([1, 1, 1, 0], start).probability).toBeGreaterThan(0.5);
    expect(after([1, 1, 0, 0], start).probability).toBeLessThan(0.5);
    expect(after([0.6, 0.6, 0.6, 0.6], start).probability).toBe(0.5);
    expect(after([-1, -1, -1, -1]).probability).toBe(0);
  });
});
