import { shuffledOrder, streams, uniform } from '#shared/math/random';

/**
 * Which picture comes at each place of the endless sequence of a run. All is computed from the seed and the place: nothing is carried along.
 * Without weights each epoch is every picture once, in an order of its own. With weights an epoch is as long, and holds each picture as often as its
 * weight says: the whole part always, the rest drawn by systematic resampling (Kitagawa 1996, “Monte Carlo filter and smoother”), so that every
 * epoch's shares are within one picture of what is wanted.
 */
export class PictureOrder {
  readonly #count: number;
  readonly #seed: number;
  readonly #weights: Float64Array | undefined;
  #epoch = -1;
  #order: Uint32Array = new Uint32Array(0);

  constructor(count: number, seed: number, weights?: Float64Array) {
    this.#count = count;
    this.#seed = seed;
    this.#weights = weights;
  }

  /** Number of the picture at a place. */
  at(position: number): number {
    const epoch = Math.floor(position / this.#count);
    if (epoch !== this.#epoch) {
      const order = shuffledOrder(this.#count, this.#seed, epoch);
      this.#order = this.#weights ? resampled(order, this.#weights, this.#seed, epoch) : order;
      this.#epoch = epoch;
    }
    return this.#order[position % this.#count] as number;
  }
}

function resampled(order: Uint32Array, weights: Float64Array, seed: number, epoch: number): Uint32Array {
  const count = order.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = new Uint32Array(count);
  const offset = uniform(seed, streams.resample, epoch);
  let reached = 0;
  let filled = 0;
  for (const picture of order) {
    reached += ((weights[picture] as number) / total) * count;
    while (filled < count && filled + offset < reached) drawn[filled++] = picture;
  }
  // Rounding may leave the last place open.
  drawn.fill(order[count - 1] as number, filled);
  // Copies of a picture lie side by side so far.
  const places = shuffledOrder(count, seed, epoch, streams.resampledOrder);
  return places.map((place) => drawn[place] as number);
}
