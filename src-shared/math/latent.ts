import { z } from 'zod';
import { ClassMix } from './labels';
import { fillRandom, streams } from './random';

const Seed = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const Fraction = z.number().min(0).max(1);
export const Interpolation = z.enum(['lerp', 'slerp']);
export type Interpolation = z.output<typeof Interpolation>;

/** Where a walk begins or ends: at a seed, or where the encoder of a VAE puts one of the project's pictures, by its number. */
export const LatentAnchor = z.union([Seed, z.strictObject({ picture: z.int().min(0) })]);
export type LatentAnchor = z.output<typeof LatentAnchor>;

/** What is to be shown, for a generator with classes; without it the classes follow the seeds. */
const classes = ClassMix.optional();

/** A point of the latent space by what made it: a seed or a picture, a place between two of them, or a place between four. */
export const LatentPoint = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('seed'), seed: LatentAnchor, classes }),
  z.strictObject({
    kind: z.literal('between'),
    from: LatentAnchor,
    to: LatentAnchor,
    t: Fraction,
    mode: Interpolation,
    classes,
  }),
  /** Corners in reading order: top left, top right, bottom left, bottom right; u runs right, v down. */
  z.strictObject({
    kind: z.literal('corners'),
    seeds: z.tuple([LatentAnchor, LatentAnchor, LatentAnchor, LatentAnchor]),
    u: Fraction,
    v: Fraction,
    mode: Interpolation,
    classes,
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

/** What a point lies between: one, two or four seeds or pictures. */
export function anchorsOf(point: LatentPoint): readonly LatentAnchor[] {
  switch (point.kind) {
    case 'seed':
      return [point.seed];
    case 'between':
      return [point.from, point.to];
    case 'corners':
      return point.seeds;
  }
}

/** The code of one of the project's pictures, length `size`. */
export type CodeOf = (picture: number) => Float32Array;

/** The latent vector of a point, length `size`. */
export function latentOf(space: LatentSpace, point: LatentPoint, codeOf: CodeOf = noCode): Float32Array {
  const ends = anchorsOf(point).map((anchor) =>
    typeof anchor === 'number' ? latentOfSeed(space, anchor) : codeOf(anchor.picture),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  switch (point.kind) {
    case 'seed':
      return ends[0];
    case 'between':
      return mixOf(point)(ends[0], ends[1], point.t);
    case 'corners': {
      const mix = mixOf(point);
      return mix(mix(ends[0], ends[1], point.u), mix(ends[2], ends[3], point.u), point.v);
    }
  }
}

const noCode: CodeOf = (picture) => {
  throw new RangeError(`picture ${picture} has no code`);
};

const mixOf = ({ mode }: { readonly mode: Interpolation }) => (mode === 'lerp' ? lerp : slerp);
