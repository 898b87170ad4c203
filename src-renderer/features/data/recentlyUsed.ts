/** A cache of at most so many values: the one not asked for the longest goes first. */
export class RecentlyUsed<Key, Value extends object> {
  readonly #capacity: number;
  readonly #ongone: (value: Value) => void;
  // Maps keep the order of insertion, so the first key is the oldest.
  readonly #values = new Map<Key, Value>();

  /** `ongone` is told each value that has to go. */
  constructor(capacity: number, ongone: (value: Value) => void = () => {}) {
    this.#capacity = capacity;
    this.#ongone = ongone;
  }

  get(key: Key): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, value);
    }
    return value;
  }

  /** Lets values go until one more has room. */
  makeRoom(): void {
    for (const [oldest, value] of this.#values) {
      if (this.#values.size < this.#capacity) return;
      this.#values.delete(oldest);
      this.#ongone(value);
    }
  }

  set(key: Key, value: Value): void {
    this.#values.delete(key);
    this.makeRoom();
    this.#values.set(key, value);
  }
}
