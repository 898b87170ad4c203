/** Counts how often each value occurs in each channel of pictures. */
export class Histogram {
  readonly #counts: Uint32Array;
  readonly #channels: number;

  constructor(channels: number) {
    this.#channels = channels;
    this.#counts = new Uint32Array(channels * 256);
  }

  /** `pixels`: `[…, channels]`. */
  add(pixels: Uint8Array): void {
    const counts = this.#counts;
    for (let channel = 0; channel < this.#channels; channel++) {
      const start = channel * 256;
      for (let at = channel; at < pixels.length; at += this.#channels) {
        const place = start + (pixels[at] as number);
        counts[place] = (counts[place] as number) + 1;
      }
    }
  }

  /** A copy, `[channels, 256]`. */
  counts(): Uint32Array {
    return this.#counts.slice();
  }

  clear(): void {
    this.#counts.fill(0);
  }
}
