import { oneHot } from '#shared/math/labels';
import type { Recipe } from '#shared/recipe/recipe';
import type { StepInputs } from '../engine/engine';
import { isMirrored, type Draws } from '../gan/draws';
import { modelOf } from '../gan/model';
import { buildNetworks, type Networks } from '../gan/network';
import { classFrequencies } from './labelledPictures';
import { mirror } from './mirror';
import { PictureOrder } from './pictureOrder';
import type { PictureSource } from './pictureView';

/** What a step reads, apart from the learning rates. */
export type Batch = Draws & Pick<StepInputs, 'real' | 'labels'>;

/**
 * The random numbers and real pictures of each step. All is computed from the seed and from how many pictures the run has seen, nothing is carried
 * along: a run that goes on from a checkpoint gets what an uninterrupted one gets. The pictures' array is used again for the next batch.
 */
export class BatchSource {
  readonly #pictures: PictureSource;
  readonly #networks: Networks;
  readonly #seed: number;
  readonly #batchSize: number;
  readonly #indices: Uint32Array;
  readonly #real: Float32Array;
  readonly #order: PictureOrder;
  /** How often each class is drawn for the fakes. */
  readonly #frequencies: readonly number[];

  /** `batchSize` pictures for each batch that a step of the model reads. */
  constructor(pictures: PictureSource, recipe: Recipe, seed: number, batchSize: number) {
    this.#pictures = pictures;
    this.#networks = buildNetworks(recipe);
    this.#seed = seed;
    this.#batchSize = batchSize;
    this.#order = new PictureOrder(pictures.count, seed, pictures.weights);
    this.#indices = new Uint32Array(batchSize * modelOf(recipe).batches(recipe));
    const { size, channels } = recipe.image;
    this.#frequencies = classFrequencies(pictures, recipe.classes.length);
    this.#real = new Float32Array(this.#indices.length * size * size * channels);
  }

  /** Real pictures in one step. */
  get images(): number {
    return this.#indices.length;
  }

  /** The batch that follows `seen` real pictures; what D sees is changed with this probability. */
  after(seen: number, probability?: number): Batch {
    for (let row = 0; row < this.#indices.length; row++) this.#indices[row] = this.#order.at(seen + row);
    this.#pictures.readInto(this.#real, this.#indices);
    const { recipe } = this.#networks;
    const { size, channels } = recipe.image;
    const each = size * size * channels;
    for (let row = 0; row < this.#indices.length; row++) {
      if (!isMirrored(recipe, this.#seed, seen + row)) continue;
      mirror(this.#real.subarray(row * each, (row + 1) * each), size, channels);
    }
    const { draw } = modelOf(recipe);
    const draws = draw(this.#networks, this.#batchSize, this.#seed, seen, probability, this.#frequencies);
    return { ...draws, ...this.#labels(), real: this.#real };
  }

  /** Classes of the pictures in the batch. */
  #labels(): Pick<StepInputs, 'labels'> {
    const { labels } = this.#pictures;
    const classes = this.#networks.recipe.classes.length;
    if (!labels || classes === 0) return {};
    return {
      labels: oneHot(
        this.#indices.map((index) => labels[index] as number),
        classes,
      ),
    };
  }
}
