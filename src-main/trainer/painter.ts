import { limits } from '#shared/contract/limits';
import type { Rendering } from '#shared/contract/types';
import { sameNetworks, type Recipe } from '#shared/recipe/recipe';
import type { GeneratorSession, GeneratorWeights } from '../engine/engine';
import { toPixels } from './pixels';
import type { Latents } from './protocol';
import { openSamplingSession, SAMPLER } from './samplingSession';

/** Draws pictures with the generator it is given, and keeps its session for as long as the networks stay the same. */
export class Painter {
  #recipe: Recipe | undefined;
  #session: GeneratorSession | undefined;
  #weights: GeneratorWeights | undefined;

  /** Pictures of latents, drawn in passes so that a large request needs no more memory than a small one. */
  async paint(recipe: Recipe, generator: GeneratorWeights, { z, labels, count }: Latents): Promise<Rendering> {
    const session = await this.#sessionOf(recipe);
    if (this.#weights !== generator) session.setWeights(generator);
    this.#weights = generator;
    const { size, channels } = recipe.image;
    const perPicture = size * size * channels;
    const pixels = new Uint8Array(count * perPicture);
    for (let from = 0; from < count; from += limits.renderPass) {
      const part = Math.min(limits.renderPass, count - from);
      const rows = (numbers: Float32Array, each: number) => numbers.slice(from * each, (from + part) * each);
      const classes = labels && rows(labels, recipe.classes.length);
      pixels.set(toPixels(await session.generate(rows(z, recipe.latent.size), part, classes)), from * perPicture);
    }
    return { step: generator.step, pictures: { count, width: size, height: size, channels, pixels } };
  }

  async close(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
    this.#weights = undefined;
  }

  async #sessionOf(recipe: Recipe): Promise<GeneratorSession> {
    if (this.#session && this.#recipe && sameNetworks(this.#recipe, recipe)) return this.#session;
    await this.close();
    this.#session = await openSamplingSession((engine) => engine.generatorSession(recipe, SAMPLER));
    this.#recipe = recipe;
    return this.#session;
  }
}
