/** A cache of at most so many values: the one not asked for the longest goes first. */
export class RecentlyUsed<Key, Value extends object> {
  readonly #capacity: number;
  // Maps keep the order of insertion, so the first key is the oldest.
  readonly #values = new Map<Key, Value>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: Key): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#capacity) return;
      this.#values.delete(oldest);
    }
  }
}
