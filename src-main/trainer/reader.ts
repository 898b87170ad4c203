import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { sameNetworks, type Recipe } from '#shared/recipe/recipe';
import type { Codes, EncoderSession, GeneratorWeights } from '../engine/engine';
import { openSamplingSession, SAMPLER } from './samplingSession';

/** Reads pictures with the encoder it is given, and keeps its session for as long as the networks stay the same. */
export class Reader {
  #recipe: Recipe | undefined;
  #session: EncoderSession | undefined;
  #weights: GeneratorWeights | undefined;

  /** Codes of `count` pictures `[count, H, W, C]`, read in passes. `latent.no-encoder` without one. */
  async read(recipe: Recipe, generator: GeneratorWeights, pictures: Float32Array, count: number): Promise<Codes> {
    const session = await this.#sessionOf(recipe, generator);
    const each = recipe.image.size ** 2 * recipe.image.channels;
    const { size } = recipe.latent;
    const codes = { means: new Float32Array(count * size), logVariances: new Float32Array(count * size) };
    for (let from = 0; from < count; from += limits.renderPass) {
      const part = Math.min(limits.renderPass, count - from);
      const { means, logVariances } = await session.encode(pictures.slice(from * each, (from + part) * each), part);
      codes.means.set(means, from * size);
      codes.logVariances.set(logVariances, from * size);
    }
    return codes;
  }

  async close(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
    this.#weights = undefined;
  }

  async #sessionOf(recipe: Recipe, generator: GeneratorWeights): Promise<EncoderSession> {
    const { encoder } = generator;
    if (!encoder) return fail('latent.no-encoder');
    if (!this.#session || !this.#recipe || !sameNetworks(this.#recipe, recipe)) {
      await this.close();
      this.#session = await openSamplingSession((engine) => engine.encoderSession(recipe, SAMPLER));
      this.#recipe = recipe;
    }
    if (this.#weights !== generator) this.#session.setWeights(encoder);
    this.#weights = generator;
    return this.#session;
  }
}
