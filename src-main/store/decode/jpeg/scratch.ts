/** Larger ones are not kept: 4 MB of numbers. */
const KEPT_NUMBERS = 1 << 20;
const KEPT_BYTES = 1 << 22;

/**
 * Memory that one picture after the other is decoded in, so that it need not be made and collected for each of them: what one left there, the next overwrites. It
 * is for work that does not wait for anything, of which there is one at a time.
 */
class Scratch {
  readonly #numbers = new Map<string, Float32Array>();
  #bytes = new Uint8Array(0);

  /** So many numbers, of any value, in the place of that name. */
  numbers(name: string, length: number): Float32Array {
    const kept = this.#numbers.get(name);
    if (kept && kept.length >= length) return kept.subarray(0, length);
    const made = new Float32Array(length);
    if (length <= KEPT_NUMBERS) this.#numbers.set(name, made);
    return made;
  }

  bytes(length: number): Uint8Array {
    if (length <= this.#bytes.length) return this.#bytes.subarray(0, length);
    const made = new Uint8Array(length);
    if (length <= KEPT_BYTES) this.#bytes = made;
    return made;
  }
}

export const scratch = new Scratch();
