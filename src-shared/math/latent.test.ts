import { describe, expect, it } from 'vitest';
import { latentOf, latentOfSeed, lerp, slerp } from './latent';

const space = { size: 128, distribution: 'normal' } as const;
const length = (vector: Float32Array) => Math.hypot(...vector);

describe('latentOf', () => {
  it('is the same vector for the same seed, and another for another', () => {
    expect([...latentOfSeed(space, 5)]).toEqual([...latentOfSeed(space, 5)]);
    expect([...latentOfSeed(space, 5)]).not.toEqual([...latentOfSeed(space, 6)]);
  });

  it.each(['lerp', 'slerp'] as const)('%s begins and ends at its seeds', (mode) => {
    const at = (t: number) => latentOf(space, { kind: 'between', from: 1, to: 2, t, mode });
    latentOfSeed(space, 1).forEach((value, index) => expect(at(0)[index]).toBeCloseTo(value, 5));
    latentOfSeed(space, 2).forEach((value, index) => expect(at(1)[index]).toBeCloseTo(value, 5));
  });

  it('puts the four seeds into the corners', () => {
    const seeds: [number, number, number, number] = [1, 2, 3, 4];
    const corner = (u: number, v: number) => latentOf(space, { kind: 'corners', seeds, u, v, mode: 'slerp' });
    for (const [index, [u, v]] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ].entries()) {
      const expected = latentOfSeed(space, seeds[index] as number);
      corner(u as number, v as number).forEach((value, at) => expect(value).toBeCloseTo(expected[at] as number, 5));
    }
  });
});

describe('slerp', () => {
  const a = Float32Array.of(1, 0);
  const b = Float32Array.of(0, 1);

  it('keeps the length that lerp loses half-way', () => {
    expect(length(slerp(a, b, 0.5))).toBeCloseTo(1, 6);
    expect(length(lerp(a, b, 0.5))).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it('is a straight line between parallel and zero vectors', () => {
    expect([...slerp(a, Float32Array.of(2, 0), 0.5)]).toEqual([1.5, 0]);
    expect([...slerp(new Float32Array(2), b, 0.5)]).toEqual([0, 0.5]);
  });
});
