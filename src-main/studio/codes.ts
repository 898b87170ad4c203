import { fail } from '#shared/contract/errors';
import type { PictureBatch } from '#shared/contract/types';
import type { Recipe } from '#shared/recipe/recipe';
import { openPack } from '../store/dataset/pack';
import type { Codes } from '../engine/engine';
import { viewPictures } from '../trainer/pictureView';
import { toPixels } from '../trainer/pixels';
import type { Sampler, TrainedGenerator } from '../trainer/sampler';
import type { OpenProject } from './openProject';

interface Known {
  readonly hash: string;
  readonly means: Map<number, Float32Array>;
}

/** Where the encoders of VAEs put the projects' pictures. Means are remembered, so that a walk between two pictures reads them once. */
export class PictureCodes {
  readonly #sampler: Sampler;
  /** By generator: a newer one has other codes. */
  readonly #known = new WeakMap<TrainedGenerator, Known>();

  constructor(sampler: Sampler) {
    this.#sampler = sampler;
  }

  /** Codes of pictures of a project, in the order asked for. `latent.no-encoder`, `latent.no-picture`. */
  async encode(open: OpenProject, generator: TrainedGenerator, pictures: readonly number[]): Promise<Codes> {
    if (!generator.weights.encoder) return fail('latent.no-encoder');
    const { values } = await readPictures(open, generator.recipe, pictures);
    return this.#sampler.encode(generator, values, pictures.length);
  }

  /** The mean of each of the pictures, by number. */
  async means(
    open: OpenProject,
    generator: TrainedGenerator,
    pictures: readonly number[],
  ): Promise<ReadonlyMap<number, Float32Array>> {
    const { means } = this.#of(open, generator);
    const missing = [...new Set(pictures)].filter((picture) => !means.has(picture));
    if (missing.length > 0) {
      const codes = await this.encode(open, generator, missing);
      const { size } = generator.recipe.latent;
      missing.forEach((picture, row) => means.set(picture, codes.means.slice(row * size, (row + 1) * size)));
    }
    return means;
  }

  #of({ dataset }: OpenProject, generator: TrainedGenerator): Known {
    const hash = dataset?.hash ?? '';
    const known = this.#known.get(generator);
    if (known?.hash === hash) return known;
    const fresh = { hash, means: new Map<number, Float32Array>() };
    this.#known.set(generator, fresh);
    return fresh;
  }
}

/** Pictures of a project in the format of a recipe: as numbers in −1 … 1, and as bytes. `latent.no-picture`. */
export async function readPictures(
  { project, dataset }: OpenProject,
  { image: { size, channels } }: Recipe,
  pictures: readonly number[],
): Promise<{ readonly values: Float32Array; readonly batch: PictureBatch }> {
  const count = dataset?.images ?? 0;
  const missing = pictures.find((picture) => picture >= count);
  if (missing !== undefined) return fail('latent.no-picture', { picture: missing, count });
  const pack = await openPack(project);
  try {
    const values = new Float32Array(pictures.length * size * size * channels);
    viewPictures(pack, { size, channels }).readInto(values, Uint32Array.from(pictures));
    const batch = { count: pictures.length, width: size, height: size, channels, pixels: toPixels(values) };
    return { values, batch };
  } finally {
    await pack.close();
  }
}
