import type { ClassMix } from '#shared/math/labels';
import type { Interpolation, LatentAnchor, LatentPoint } from '#shared/math/latent';
import { anchorWords, kindOf, numberOf } from './anchors';

export type Corners = readonly [
  topLeft: LatentAnchor,
  topRight: LatentAnchor,
  bottomLeft: LatentAnchor,
  bottomRight: LatentAnchor,
];

/** Seeds of a page of the wall: `count` in a row from `first`, so that a page is named by one number. */
export function seedsOfPage(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

export function seedPoints(seeds: readonly LatentAnchor[], classes?: ClassMix): LatentPoint[] {
  return seeds.map((seed) => ({ kind: 'seed', seed, ...(classes && { classes }) }));
}

/** A `side` × `side` grid over the square between four seeds, row by row, the corners included. */
export function gridPoints(seeds: Corners, mode: Interpolation, side: number, classes?: ClassMix): LatentPoint[] {
  return Array.from({ length: side * side }, (_, index) => ({
    kind: 'corners',
    seeds: [...seeds],
    u: (index % side) / (side - 1),
    v: Math.floor(index / side) / (side - 1),
    mode,
    ...(classes && { classes }),
  }));
}

/** A point in the words of the user; `names` are those of the generator's classes. */
export function describePoint(point: LatentPoint, names: readonly string[] = []): string {
  const what = point.classes && describeClasses(point.classes, names);
  return what === undefined ? describePlace(point) : `${describePlace(point)} as ${what}`;
}

function describeClasses({ from, to, t }: ClassMix, names: readonly string[]): string {
  const name = (number: number) => names[number] ?? `class ${number}`;
  const share = Math.round(t * 100);
  return from === to || share === 0 ? name(from) : `${100 - share} % ${name(from)}, ${share} % ${name(to)}`;
}

function describePlace(point: LatentPoint): string {
  switch (point.kind) {
    case 'seed':
      return capital(anchorWords(point.seed));
    case 'between':
      return `${Math.round(point.t * 100)} % from ${anchorWords(point.from)} to ${ending(point.from, point.to)}`;
    case 'corners':
      return `Between ${severalWords(point.seeds)} at ${Math.round(point.u * 100)} % right, ${Math.round(point.v * 100)} % down`;
  }
}

/** The end of a walk, without its kind where that was said of the beginning. */
const ending = (from: LatentAnchor, to: LatentAnchor): string =>
  kindOf(from) === kindOf(to) ? String(numberOf(to)) : anchorWords(to);

function severalWords(anchors: readonly LatentAnchor[]): string {
  const [kind, ...others] = new Set(anchors.map(kindOf));
  return others.length > 0 ? anchors.map(anchorWords).join(', ') : `${kind}s ${anchors.map(numberOf).join(', ')}`;
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** The largest seed that “new seeds” draws: short enough to read out and type again. */
const LARGEST_DRAWN_SEED = 99_999;

/** A seed to look at, by a random number 0 ≤ random < 1. */
export function drawSeed(random: number): number {
  return Math.floor(random * (LARGEST_DRAWN_SEED + 1));
}
