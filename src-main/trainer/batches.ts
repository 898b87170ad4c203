import { fillRandom, shuffledOrder, streams } from '#shared/math/random';
import type { Recipe } from '#shared/recipe/recipe';
import { buildGan } from '../gan/network';
import { NoisePlan } from '../gan/noise';
import type { PictureSource } from './pictureView';

export interface Batch {
  /** [batch, latent] */
  readonly z: Float32Array;
  /** [batch, H, W, C] in −1 … 1 */
  readonly real: Float32Array;
  /** What the layers draw; absent where none does. */
  readonly noise?: Float32Array;
}

/**
 * The latents, real pictures and layers' random numbers of each step. All is computed from the seed and from how many pictures the run has seen, nothing is carried
 * along: a run that goes on from a checkpoint gets what an uninterrupted one gets. The batch's arrays are used again for the next.
 */
export class BatchSource {
  readonly #pictures: PictureSource;
  readonly #latent: Recipe['latent'];
  readonly #seed: number;
  readonly #indices: Uint32Array;
  readonly #noisePlan: NoisePlan;
  readonly #batch: Batch;
  #epoch = -1;
  #order = new Uint32Array(0);

  constructor(pictures: PictureSource, recipe: Recipe, seed: number, batchSize: number) {
    this.#pictures = pictures;
    this.#latent = recipe.latent;
    this.#seed = seed;
    this.#indices = new Uint32Array(batchSize);
    const { size, channels } = recipe.image;
    this.#noisePlan = new NoisePlan(buildGan(recipe), batchSize);
    const { size: noises } = this.#noisePlan;
    this.#batch = {
      z: new Float32Array(batchSize * recipe.latent.size),
      real: new Float32Array(batchSize * size * size * channels),
      ...(noises > 0 ? { noise: new Float32Array(noises) } : {}),
    };
  }

  /** The batch that follows `seen` real pictures. */
  after(seen: number): Batch {
    const { z, real, noise } = this.#batch;
    fillRandom(z, this.#latent.distribution, this.#seed, streams.latents, seen * this.#latent.size);
    if (noise) this.#noisePlan.fill(noise, this.#seed, seen);
    for (let row = 0; row < this.#indices.length; row++) this.#indices[row] = this.#pictureAt(seen + row);
    this.#pictures.readInto(real, this.#indices);
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
