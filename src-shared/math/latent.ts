import { z } from 'zod';
import { fillRandom, streams } from './random';

const Seed = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const Fraction = z.number().min(0).max(1);
export const Interpolation = z.enum(['lerp', 'slerp']);
export type Interpolation = z.output<typeof Interpolation>;

/** A point of the latent space by what made it: a seed, a place between two seeds, or a place between four. */
export const LatentPoint = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('seed'), seed: Seed }),
  z.strictObject({ kind: z.literal('between'), from: Seed, to: Seed, t: Fraction, mode: Interpolation }),
  /** Corners in reading order: top left, top right, bottom left, bottom right; u runs right, v down. */
  z.strictObject({
    kind: z.literal('corners'),
    seeds: z.tuple([Seed, Seed, Seed, Seed]),
    u: Fraction,
    v: Fraction,
    mode: Interpolation,
  }),
]);
export type LatentPoint = z.output<typeof LatentPoint>;

export interface LatentSpace {
  readonly size: number;
  readonly distribution: 'normal' | 'uniform';
}

/** The latent vector of a seed, length `size`. */
export function latentOfSeed({ size, distribution }: LatentSpace, seed: number): Float32Array {
  return fillRandom(new Float32Array(size), distribution, seed, streams.explore);
}

/** Straight line from a (t = 0) to b (t = 1). */
export function lerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  return a.map((from, index) => from + ((b[index] as number) - from) * t);
}

/**
 * Along the great circle from a to b (Shoemake 1985), which keeps the vector's usual length: the straight line between two Gaussian points
 * passes closer to the origin than training ever does (White 2016). Nearly parallel vectors fall back to the line.
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, index) => sum + value * (y[index] as number), 0);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  const angle = lengths > 0 ? Math.acos(Math.min(1, Math.max(-1, dot(a, b) / lengths))) : 0;
  const sine = Math.sin(angle);
  if (sine < 1e-6) return lerp(a, b, t);
  const fromWeight = Math.sin((1 - t) * angle) / sine;
  const toWeight = Math.sin(t * angle) / sine;
  return a.map((from, index) => from * fromWeight + (b[index] as number) * toWeight);
}

/** The latent vector of a point, length `size`. */
export function latentOf(space: LatentSpace, point: LatentPoint): Float32Array {
  switch (point.kind) {
    case 'seed':
      return latentOfSeed(space, point.seed);
    case 'between': {
      const mix = point.mode === 'lerp' ? lerp : slerp;
      return mix(latentOfSeed(space, point.from), latentOfSeed(space, point.to), point.t);
    }
    case 'corners': {
      const mix = point.mode === 'lerp' ? lerp : slerp;
      const [topLeft, topRight, bottomLeft, bottomRight] = point.seeds.map((seed) => latentOfSeed(space, seed)) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      return mix(mix(topLeft, topRight, point.u), mix(bottomLeft, bottomRight, point.u), point.v);
    }
  }
}
