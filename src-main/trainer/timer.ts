/** Says when an interval has passed since it last said so. `now` is a monotonic clock in milliseconds. */
export class Timer {
  readonly #everyMs: number;
  readonly #now: () => number;
  #last: number;

  constructor(everyMs: number, now: () => number) {
    this.#everyMs = everyMs;
    this.#now = now;
    this.#last = now();
  }

  due(): boolean {
    const now = this.#now();
    if (now - this.#last < this.#everyMs) return false;
    this.#last = now;
    return true;
  }
}
