/** Two directions through a cloud of points, and where each point lies along them. */
export interface Projection {
  /** Coordinates of each point, from the cloud's middle. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** What part of the cloud's variance each direction holds, 0 … 1. */
  readonly explained: readonly [number, number];
}

const ITERATIONS = 100;
/** Part of the variance that is rounding. */
const ROUNDING = 1e-12;

/**
 * Points projected onto the two directions in which they vary most (principal components, Pearson 1901), found one after the other by power iteration.
 * The signs are chosen so that the same points lie the same way each time.
 */
export function principalPlane(points: readonly (readonly number[])[]): Projection {
  const size = points[0]?.length ?? 0;
  const mean = Array.from({ length: size }, (_, at) => sum(points.map((point) => point[at] ?? 0)) / points.length);
  const centred = points.map((point) => mean.map((middle, at) => (point[at] ?? 0) - middle));
  const total = sum(centred.map((point) => dot(point, point)));
  const first = leading(centred);
  const rest = centred.map((point) => without(point, first));
  const left = sum(rest.map((point) => dot(point, point)));
  // Of points on a line only rounding is left, which lies along the first direction again.
  const second = left > ROUNDING * total ? leading(rest) : first.map(() => 0);
  const placed = centred.map((point): readonly [number, number] => [dot(point, first), dot(point, second)]);
  const share = (axis: 0 | 1) => (total > 0 ? sum(placed.map((place) => place[axis] ** 2)) / total : 0);
  return { points: placed, explained: [share(0), share(1)] };
}

/** The direction of most variance, of length one; its largest part is positive. */
function leading(points: readonly (readonly number[])[]): readonly number[] {
  const size = points[0]?.length ?? 0;
  // Any start that is not at right angles to the direction will do: that of the point farthest out.
  let direction = unit(
    points.reduce<readonly number[]>(
      (far, point) => (dot(point, point) > dot(far, far) ? point : far),
      new Array<number>(size).fill(0),
    ),
  );
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const next = new Array<number>(size).fill(0);
    for (const point of points) {
      const along = dot(point, direction);
      for (let at = 0; at < size; at++) next[at] = (next[at] ?? 0) + along * (point[at] ?? 0);
    }
    direction = unit(next);
  }
  const largest = direction.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0);
  return largest < 0 ? direction.map((part) => -part) : direction;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((part, at) => part * (b[at] ?? 0)));
const without = (point: readonly number[], direction: readonly number[]): readonly number[] => {
  const along = dot(point, direction);
  return point.map((part, at) => part - along * (direction[at] ?? 0));
};
const unit = (vector: readonly number[]): readonly number[] => {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((part) => part / length) : vector;
};
