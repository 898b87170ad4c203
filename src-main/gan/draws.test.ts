import { Recipe, type RecipeInput } from '#shared/recipe/recipe';
import { describe, expect, it } from 'vitest';
import { trialRecipe } from '../engine/trial';
import { allAugments, isAdaptive } from './augment';
import { drawStep, isMirrored } from './draws';
import { buildGan } from './network';

const BATCH = 64;

const recipe = (change: Partial<RecipeInput>) => buildGan(Recipe.parse({ ...trialRecipe(), ...change }));
const everything = recipe({
  augmentation: { translation: 0.25, cutout: 0.5, brightness: 0.5, saturation: 1, contrast: 0.5 },
  discriminatorNoise: { labels: 0.25 },
  consistency: { kind: 'balanced', translation: 0.125 },
});

/** What is drawn for each picture that D looks at, by change. */
const changesOf = (probability: number, seen = 0) => {
  const { changes = {} } = drawStep(everything, BATCH, 1, seen, probability);
  return allAugments.map(({ id, unchanged }) => {
    const numbers = changes[id] ?? new Float32Array(0);
    const looks = Array.from({ length: numbers.length / unchanged.length }, (_, look) =>
      [...numbers.subarray(look * unchanged.length, (look + 1) * unchanged.length)].join(),
    );
    return { id, looks, same: looks.filter((look) => look === unchanged.map(Math.fround).join()).length };
  });
};

describe('what a step draws', () => {
  it('is a change of every picture, reals and fakes and the fakes that G learns from', () => {
    for (const { id, looks } of changesOf(1)) expect(looks, id).toHaveLength(3 * BATCH);
  });

  it('is of no picture at probability 0, and of a part of them between', () => {
    for (const { id, same, looks } of changesOf(0)) expect(same, id).toBe(looks.length);
    for (const { id, same } of changesOf(0.5)) {
      expect(same, id).toBeGreaterThan(60);
      expect(same, id).toBeLessThan(140);
    }
  });

  it('decides for each change of a picture by itself, and anew in each step', () => {
    const [first, second] = changesOf(0.5);
    const [later] = changesOf(0.5, BATCH);
    const pattern = (one: typeof first) =>
      one?.looks.map((look) => look === allAugments.find(({ id }) => id === one.id)?.unchanged.join()).join();
    expect(new Set([first, second, later].map(pattern)).size).toBe(3);
  });

  it('changes a picture as it would have been changed at another probability', () => {
    const [all, half] = [changesOf(1), changesOf(0.5)];
    half.forEach(({ looks, same }, index) => {
      const alike = looks.filter((look, at) => look === all[index]?.looks[at]).length;
      expect(alike + same).toBeGreaterThanOrEqual(looks.length);
    });
  });

  it('mirrors half of the reals whatever the probability: that enlarges the set, and changes nothing before D', () => {
    const half = Recipe.parse({ ...trialRecipe(), augmentation: { flip: true, translation: 0.25, adaptive: true } });
    const mirrored = Array.from({ length: 1000 }, (_, position) => isMirrored(half, 1, position)).filter(Boolean);
    expect(mirrored.length).toBeGreaterThan(450);
    expect(mirrored.length).toBeLessThan(550);
    expect(isAdaptive(half)).toBe(true);
    expect(isAdaptive(Recipe.parse({ ...half, augmentation: { flip: true, adaptive: true } }))).toBe(false);
    const { changes = {} } = drawStep(buildGan(half), BATCH, 1, 0, 0);
    expect(Object.keys(changes)).toEqual(['translation']);
    expect(new Set(changes['translation'])).toEqual(new Set([0]));
  });

  it('exchanges as many labels as it is told', () => {
    const { exchanged = new Float32Array(0) } = drawStep(everything, BATCH * 8, 1, 0);
    const part = exchanged.reduce((sum, one) => sum + one, 0) / exchanged.length;
    expect(part).toBeGreaterThan(0.18);
    expect(part).toBeLessThan(0.32);
  });

  it('shifts two versions of each picture that are compared, within their reach', () => {
    const { versions = new Float32Array(0) } = drawStep(everything, BATCH, 1, 0);
    expect(versions).toHaveLength(2 * BATCH * 2);
    expect([...new Set(versions)].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  });

  it('is nothing but latents where the recipe asks for nothing', () => {
    expect(Object.keys(drawStep(recipe({}), 4, 1, 0))).toEqual(['z']);
  });
});
