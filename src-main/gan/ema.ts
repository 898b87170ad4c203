import type { NetworkWeights } from './state';

/**
 * An exponential moving average of a generator's weights and running statistics, kept by the host: one pass over the weights, so that
 * the compiled step has no further vectors to take in and give out.
 */
export class Ema {
  readonly #average: NetworkWeights;

  /** Starts at `start`, which stays the caller's. */
  constructor(start: NetworkWeights) {
    this.#average = { weights: start.weights.slice(), running: start.running.slice() };
  }

  /** `average ← newest + kept · (average − newest)`. */
  follow(newest: NetworkWeights, kept: number): void {
    move(this.#average.weights, newest.weights, kept);
    move(this.#average.running, newest.running, kept);
  }

  /** A copy of the average as it is now. */
  read(): NetworkWeights {
    return { weights: this.#average.weights.slice(), running: this.#average.running.slice() };
  }
}

function move(average: Float32Array, newest: Float32Array, kept: number): void {
  for (let index = 0; index < average.length; index++) {
    const value = newest[index] as number;
    average[index] = value + kept * ((average[index] as number) - value);
  }
}
