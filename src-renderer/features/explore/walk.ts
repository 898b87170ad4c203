/** Seconds that a walk takes from one end to the other. */
const SECONDS_ONE_WAY = 4;

/** Where a walk to and fro is after `seconds`, when it began at `t` going towards 1: a place 0 … 1. */
export function walkPlace(t: number, seconds: number): number {
  const distance = (t + seconds / SECONDS_ONE_WAY) % 2;
  return distance <= 1 ? distance : 2 - distance;
}
