/** A guess after less than this is worth nothing. */
const GUESS_FROM_SECONDS = 2;
const GUESS_FROM_FRACTION = 0.02;

/** Seconds that work takes yet, by what it took so far; undefined while nobody can know. */
export function timeLeft(seconds: number, done: number, total: number): number | undefined {
  const fraction = total > 0 ? done / total : 0;
  if (seconds < GUESS_FROM_SECONDS || fraction < GUESS_FROM_FRACTION) return undefined;
  return seconds * Math.max(0, 1 / fraction - 1);
}
