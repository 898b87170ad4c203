import { fillRandom, shuffledOrder, streams } from '#shared/math/random';
import type { Recipe } from '#shared/recipe/recipe';

/** The training pictures of a run, as bytes 0 … 255 in the order [H, W, C]. */
export interface PictureSource {
  readonly count: number;
  /** Copies the picture `index` into `target` from `offset` on. */
  copyTo(target: Uint8Array, offset: number, index: number): void;
}

export interface Batch {
  /** [batch, latent] */
  readonly z: Float32Array;
  /** [batch, H, W, C] in −1 … 1 */
  readonly real: Float32Array;
}

/**
 * The latents and real pictures of each step. All is computed from the seed and from how many pictures the run has seen, nothing is carried
 * along: a run that goes on from a checkpoint gets what an uninterrupted one gets. The batch's arrays are used again for the next.
 */
export class BatchSource {
  readonly #pictures: PictureSource;
  readonly #recipe: Recipe;
  readonly #seed: number;
  readonly #bytes: Uint8Array;
  readonly #batch: Batch;
  #epoch = -1;
  #order = new Uint32Array(0);

  constructor(pictures: PictureSource, recipe: Recipe, seed: number, batchSize: number) {
    this.#pictures = pictures;
    this.#recipe = recipe;
    this.#seed = seed;
    const { size, channels } = recipe.image;
    const perPicture = size * size * channels;
    this.#bytes = new Uint8Array(batchSize * perPicture);
    this.#batch = {
      z: new Float32Array(batchSize * recipe.latent.size),
      real: new Float32Array(batchSize * perPicture),
    };
  }

  /** The batch that follows `seen` real pictures. */
  after(seen: number): Batch {
    const { z, real } = this.#batch;
    const { latent, image } = this.#recipe;
    fillRandom(z, latent.distribution, this.#seed, streams.latents, seen * latent.size);
    const perPicture = image.size * image.size * image.channels;
    const batchSize = real.length / perPicture;
    for (let row = 0; row < batchSize; row++) {
      this.#pictures.copyTo(this.#bytes, row * perPicture, this.#pictureAt(seen + row));
    }
    // tanh's range, −1 … 1.
    for (let index = 0; index < real.length; index++) real[index] = (this.#bytes[index] as number) / 127.5 - 1;
    return this.#batch;
  }

  /** Index of the picture at a position of the endless sequence of shuffled epochs. */
  #pictureAt(position: number): number {
    const { count } = this.#pictures;
    const epoch = Math.floor(position / count);
    if (epoch !== this.#epoch) {
      this.#order = shuffledOrder(count, this.#seed, epoch) as Uint32Array<ArrayBuffer>;
      this.#epoch = epoch;
    }
    return this.#order[position % count] as number;
  }
}
