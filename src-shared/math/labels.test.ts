import { describe, expect, it } from 'vitest';
import { classOfSeed, labelsOf, onlyClass, oneHot } from './labels';
import { LatentPoint } from './latent';
import { sheetPlan } from './sampleSheet';

const sum = (numbers: Float32Array) => numbers.reduce((total, number) => total + number, 0);

describe('labelsOf', () => {
  it('takes the class asked for, or mixes two', () => {
    expect([...labelsOf(3, { kind: 'seed', seed: 1, classes: onlyClass(2) })]).toEqual([0, 0, 1]);
    expect([...labelsOf(3, { kind: 'seed', seed: 1, classes: { from: 2, to: 0, t: 0.25 } })]).toEqual([0.25, 0, 0.75]);
  });

  it('gives each seed a class of its own, mixed as the seeds are', () => {
    const own = (seed: number) => classOfSeed(seed, 4);
    expect(new Set(Array.from({ length: 100 }, (_, seed) => own(seed)))).toEqual(new Set([0, 1, 2, 3]));
    const [from, to] = [1, 2, 3, 4, 5, 6].filter((seed) => own(seed) !== own(1)).length > 0 ? [1, 2] : [1, 1];
    const between = labelsOf(4, { kind: 'between', from, to, t: 0.5, mode: 'slerp' });
    expect(sum(between)).toBeCloseTo(1, 6);
    const corner = labelsOf(4, { kind: 'corners', seeds: [5, 6, 7, 8], u: 1, v: 0, mode: 'lerp' });
    expect([...corner]).toEqual([...oneHot([own(6)], 4)]);
  });

  it('is what the contract takes, and no class beyond the cap', () => {
    expect(LatentPoint.safeParse({ kind: 'seed', seed: 1, classes: onlyClass(3) }).success).toBe(true);
    expect(LatentPoint.safeParse({ kind: 'seed', seed: 1, classes: { from: -1, to: 0, t: 0 } }).success).toBe(false);
    expect(LatentPoint.safeParse({ kind: 'seed', seed: 1, classes: onlyClass(1024) }).success).toBe(false);
  });
});

describe('sheetPlan', () => {
  it('has 64 pictures without classes, and as many of each class as fit', () => {
    expect(sheetPlan(0)).toEqual({ latents: 64, classes: [] });
    expect(sheetPlan(2)).toEqual({ latents: 32, classes: [0, 1] });
    expect(sheetPlan(10).latents).toBe(6);
  });

  it('shows classes spread over all where there are too many', () => {
    const { latents, classes } = sheetPlan(1000);
    expect(latents).toBe(1);
    expect(classes).toHaveLength(64);
    expect(new Set(classes).size).toBe(64);
    expect(classes.at(-1)).toBeGreaterThan(950);
  });
});
