import { z } from 'zod';
import { limits } from '../contract/limits';
import type { LatentAnchor, LatentPoint } from './latent';
import { streams, uniform } from './random';

/** A class by its place among the names. */
export const ClassNumber = z
  .int()
  .min(0)
  .max(limits.classes - 1);

/** A class, or a place on the way from one (t = 0) to another (t = 1), by their numbers. */
export const ClassMix = z.strictObject({ from: ClassNumber, to: ClassNumber, t: z.number().min(0).max(1) });
export type ClassMix = z.output<typeof ClassMix>;

/** One class, unmixed. */
export const onlyClass = (number: number): ClassMix => ({ from: number, to: number, t: 0 });

/** Classes as rows with a 1 at the class's place, `[labels.length, classes]`. */
export function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  for (let row = 0; row < labels.length; row++) rows[row * classes + (labels[row] as number)] = 1;
  return rows;
}

/** The class that a seed's picture has when none is asked for: any, the same for the same seed. */
export const classOfSeed = (seed: number, classes: number): number =>
  Math.floor(uniform(seed, streams.exploreClasses, 0) * classes);

/** What a point of the latent space is to show, `[classes]`: the classes asked for, else those of its seeds, mixed as the seeds are. */
export function labelsOf(classes: number, point: LatentPoint): Float32Array {
  const labels = new Float32Array(classes);
  for (const [number, share] of sharesOf(classes, point)) labels[number] = (labels[number] ?? 0) + share;
  return labels;
}

/** Classes with their shares; a class may come twice. */
function sharesOf(classes: number, point: LatentPoint): readonly (readonly [number: number, share: number])[] {
  const mix = (from: number, to: number, t: number) => [[from, 1 - t] as const, [to, t] as const];
  if (point.classes) return mix(point.classes.from, point.classes.to, point.classes.t);
  const own = (anchor: LatentAnchor) => classOfSeed(typeof anchor === 'number' ? anchor : anchor.picture, classes);
  switch (point.kind) {
    case 'seed':
      return [[own(point.seed), 1]];
    case 'between':
      return mix(own(point.from), own(point.to), point.t);
    case 'corners': {
      const { u, v } = point;
      const shares = [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v];
      return point.seeds.map((seed, corner) => [own(seed), shares[corner] ?? 0]);
    }
  }
}
