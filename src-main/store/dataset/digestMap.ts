/** Words of 32 bits that are kept of a digest: 128 bits, of which no two files' are ever the same by chance. */
const WORDS = 4;

/**
 * Numbers by SHA-256 digests. Open addressing in one array: 20 bytes a slot, at most two thirds of them taken, so that a million pictures take some 40 MB where a
 * Map of hexadecimal strings takes 200 MB.
 */
export class DigestMap {
  #capacity = 1024;
  #keys = new Uint32Array(this.#capacity * WORDS);
  /** The number + 1; 0: the slot is free. */
  #values = new Uint32Array(this.#capacity);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(digest: Uint8Array): number | undefined {
    const value = this.#values[this.#slot(words(digest))] as number;
    return value === 0 ? undefined : value - 1;
  }

  /** Keeps the number that was there first. */
  add(digest: Uint8Array, number: number): void {
    if ((this.#size + 1) * 3 > this.#capacity * 2) this.#grow();
    const key = words(digest);
    const slot = this.#slot(key);
    if (this.#values[slot] !== 0) return;
    this.#keys.set(key, slot * WORDS);
    this.#values[slot] = number + 1;
    this.#size += 1;
  }

  /** Where the key is, or the free slot where it belongs. A digest's bits are as good as a hash of it. */
  #slot(key: Uint32Array): number {
    const mask = this.#capacity - 1;
    for (let slot = (key[0] as number) & mask; ; slot = (slot + 1) & mask) {
      if (this.#values[slot] === 0) return slot;
      const at = slot * WORDS;
      if (key.every((word, index) => word === this.#keys[at + index])) return slot;
    }
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#capacity *= 2;
    this.#keys = new Uint32Array(this.#capacity * WORDS);
    this.#values = new Uint32Array(this.#capacity);
    values.forEach((value, slot) => {
      if (value === 0) return;
      const key = keys.subarray(slot * WORDS, (slot + 1) * WORDS);
      const place = this.#slot(key);
      this.#keys.set(key, place * WORDS);
      this.#values[place] = value;
    });
  }
}

function words(digest: Uint8Array): Uint32Array {
  const view = new DataView(digest.buffer, digest.byteOffset, WORDS * 4);
  return Uint32Array.from({ length: WORDS }, (_, index) => view.getUint32(index * 4, true));
}
