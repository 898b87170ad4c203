import { describe, expect, it } from 'vitest';
import { fillRandom, philox, shuffledOrder, streams, uniform } from './random';

const hex = (words: Uint32Array) => Array.from(words, (word) => word.toString(16).padStart(8, '0')).join(' ');

describe('philox', () => {
  // Known answers of Random123's kat_vectors for philox4x32, 10 rounds.
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const)('maps %j with key %j to its published words', (counter, key, words) => {
    const target = new Uint32Array(4);
    philox(target, counter, key);
    expect(hex(target)).toBe(words);
  });
});

describe('fillRandom', () => {
  it('gives the same numbers whether drawn at once or in parts', () => {
    const whole = fillRandom(new Float32Array(50), 'normal', 7, streams.latents);
    const parts = [
      fillRandom(new Float32Array(13), 'normal', 7, streams.latents),
      fillRandom(new Float32Array(37), 'normal', 7, streams.latents, 13),
    ];
    expect([...(parts[0] as Float32Array), ...(parts[1] as Float32Array)]).toEqual([...whole]);
  });

  it('gives the numbers that it always gave, from the middle of a block too', () => {
    const drawn = (distribution: 'normal' | 'uniform') => [...fillRandom(new Float32Array(6), distribution, 7, 2, 3)];
    const normal = [1.346595287322998, 0.06581544876098633, 0.3755730390548706, -0.277742862701416];
    expect(drawn('normal').slice(0, 4)).toEqual(normal);
    const uniforms = [-0.5471316576004028, 0.8597717881202698, -0.5552199482917786, 0.8502969741821289];
    expect(drawn('uniform').slice(0, 4)).toEqual(uniforms);
  });

  it('has the moments of its distribution', () => {
    const moments = (values: Float32Array) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length] as const;
    };
    const [normalMean, normalVariance] = moments(fillRandom(new Float32Array(100_000), 'normal', 1, streams.latents));
    expect(normalMean).toBeCloseTo(0, 1);
    expect(normalVariance).toBeCloseTo(1, 1);
    const [uniformMean, uniformVariance] = moments(
      fillRandom(new Float32Array(100_000), 'uniform', 1, streams.latents),
    );
    expect(uniformMean).toBeCloseTo(0, 1);
    expect(uniformVariance).toBeCloseTo(1 / 3, 1);
  });

  it('never shares numbers between seeds or streams', () => {
    expect(uniform(1, streams.latents, 0)).not.toBe(uniform(2, streams.latents, 0));
    expect(uniform(1, streams.latents, 0)).not.toBe(uniform(1, streams.explore, 0));
    expect(uniform(2 ** 40, streams.latents, 0)).not.toBe(uniform(0, streams.latents, 0));
  });
});

describe('shuffledOrder', () => {
  it('is a permutation that differs by epoch and repeats by seed', () => {
    const first = shuffledOrder(100, 3, 0);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect([...shuffledOrder(100, 3, 0)]).toEqual([...first]);
    expect([...shuffledOrder(100, 3, 1)]).not.toEqual([...first]);
  });
});
