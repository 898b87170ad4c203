import { presetRecipe } from '#shared/recipe/presets';
import { describe, expect, it } from 'vitest';
import { buildGan, flatVector, initialState, namedViews } from './network';

const recipe = presetRecipe('dcgan-32', 3);
const gan = buildGan(recipe);

/** Vitest compares long arrays number by number, which takes seconds. */
const sameBytes = (a: Float32Array, b: Float32Array) => Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

describe('a network’s layout', () => {
  it('names every weight by layer and kind, one behind the other', () => {
    const { trained, running } = gan.generator;
    expect(trained.slots[0]).toMatchObject({ name: 'g1-dense/kernel', shape: [100, 2048], offset: 0, size: 204_800 });
    for (const { slots, size } of [trained, running]) {
      const end = slots.reduce((offset, slot) => {
        expect(slot.offset).toBe(offset);
        return offset + slot.size;
      }, 0);
      expect(end).toBe(size);
    }
    expect(running.slots.map(({ name }) => name)).toContain('g3-batchnorm/variance');
    expect(new Set(trained.slots.map(({ name }) => name)).size).toBe(trained.slots.length);
  });

  it('refuses a recipe that does not fit, in words', () => {
    const broken = { ...recipe, generator: recipe.generator.slice(0, -2) };
    expect(() => buildGan(broken)).toThrowError(expect.objectContaining({ code: 'recipe.misfit' }));
  });

  it('refuses a network with nothing to learn', () => {
    const reshape = { id: 'r', kind: 'reshape', settings: { height: 32, width: 32, channels: 3 } };
    const frozen = { ...recipe, latent: { ...recipe.latent, size: 1024 }, generator: [reshape] };
    expect(() => buildGan({ ...frozen, latent: { ...frozen.latent, size: 3072 } })).toThrow(/nothing to learn/);
  });
});

describe('the initial state', () => {
  const state = initialState(recipe, 42);

  it('is the same for the same seed and another for another', () => {
    const weightsOf = (seed: number) => initialState(recipe, seed).generator.weights;
    expect(sameBytes(weightsOf(42), state.generator.weights)).toBe(true);
    expect(sameBytes(weightsOf(43), state.generator.weights)).toBe(false);
  });

  it('is what DCGAN asks for: N(0, 0.02) kernels, N(1, 0.02) scales, zero biases and moments', () => {
    const views = new Map(
      namedViews(gan.generator.trained, state.generator.weights).map((view) => [view.name, view.data]),
    );
    const moments = (numbers: Float32Array) => {
      const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
      return [mean, Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length)];
    };
    const [mean, deviation] = moments(views.get('g1-dense/kernel') as Float32Array);
    expect(mean).toBeCloseTo(0, 3);
    expect(deviation).toBeCloseTo(0.02, 3);
    const [scale] = moments(views.get('g3-batchnorm/gamma') as Float32Array);
    expect(scale).toBeCloseTo(1, 1);
    expect(views.get('g3-batchnorm/beta')).toEqual(new Float32Array(128));
    expect(state.generator.firstMoment.every((moment) => moment === 0)).toBe(true);
    const running = namedViews(gan.generator.running, state.generator.running);
    expect(running.find(({ name }) => name.endsWith('variance'))?.data).toEqual(new Float32Array(128).fill(1));
  });

  it('of orthogonal kernels has the patterns that each filter looks for at right angles', () => {
    const [first, ...others] = recipe.discriminator ?? [];
    const orthogonal = {
      id: first?.id ?? '',
      kind: 'conv2d',
      settings: { filters: 8, kernel: 4, initializer: 'orthogonal' },
    };
    const changed = { ...recipe, discriminator: [orthogonal, ...others] };
    const { trained } = buildGan(changed).discriminator;
    const { weights = new Float32Array(0) } = initialState(changed, 1).discriminator ?? {};
    const [kernel] = namedViews(trained, weights);
    expect(kernel?.shape).toEqual([4, 4, 3, 8]);
    const filter = (index: number) => Array.from(kernel?.data ?? []).filter((_, at) => at % 8 === index);
    const dot = (one: number, other: number) =>
      filter(one).reduce((sum, value, at) => sum + value * (filter(other)[at] ?? 0), 0);
    expect(dot(0, 0)).toBeCloseTo(1, 5);
    expect(dot(3, 7)).toBeCloseTo(0, 5);
  });

  it('draws no number twice for G and D', () => {
    const some = (numbers: Float32Array) => [...numbers.slice(0, 50)];
    expect(some(state.generator.weights)).not.toEqual(some(state.discriminator?.weights ?? new Float32Array(0)));
  });
});

describe('weights by name', () => {
  const { generator } = initialState(recipe, 1);
  const views = namedViews(gan.generator.trained, generator.weights);
  const byName = new Map(views.map((view) => [view.name, view]));

  it('make the flat vector again', () => {
    expect(sameBytes(flatVector(gan.generator.trained, byName, 0), generator.weights)).toBe(true);
  });

  it('are missed and measured', () => {
    const without = new Map([...byName].slice(1));
    expect(() => flatVector(gan.generator.trained, without, 7)).toThrow(/step 7.*g1-dense\/kernel is missing/);
    const short = new Map(byName).set('g1-dense/kernel', { ...views[0], data: new Float32Array(3) } as never);
    expect(() => flatVector(gan.generator.trained, short, 7)).toThrow(/has 3 numbers/);
  });
});
