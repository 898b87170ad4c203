import { fillRandom } from '#shared/math/random';
import { describe, expect, it } from 'vitest';
import { buildGan, initialState } from '../gan/network';
import { onnxRuntime } from './compiled/runtime';
import { engineFor } from './engines';
import type { GeneratorWeights } from './engine';
import { generatorOnnx } from './networkOnnx';
import { trialRecipe } from './trial';

const recipe = trialRecipe();
const options = { provider: 'cpu', threads: 1 } as const;

/** A generator whose running statistics are not those of the start, so that using the batch's own would show. */
function generatorOf(seed: number): GeneratorWeights {
  const { weights, running } = initialState(recipe, seed).generator;
  const moved = fillRandom(new Float32Array(running.length), 'uniform', seed, 9);
  return { weights, running: running.map((value, index) => value + 0.3 * (moved[index] as number)), step: 12 };
}

const latents = (count: number) => fillRandom(new Float32Array(count * recipe.latent.size), 'normal', 4, 2);
const pixels = recipe.image.size ** 2 * recipe.image.channels;

function expectClose(a: Float32Array, b: Float32Array): void {
  expect(a.length).toBe(b.length);
  expect(a.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (b[at] ?? NaN))), 0)).toBeLessThan(1e-6);
}

async function compiledPictures(generator: GeneratorWeights, count: number): Promise<Float32Array> {
  const session = await engineFor('compiled').generatorSession(recipe, options);
  session.setWeights(generator);
  const pictures = await session.generate(latents(count), count);
  await session.close();
  return pictures;
}

describe('the generator session', () => {
  it('draws what the eager engine draws, by running statistics', async () => {
    const eager = await engineFor('eager').generatorSession(recipe, options);
    eager.setWeights(generatorOf(1));
    expectClose(await compiledPictures(generatorOf(1), 5), await eager.generate(latents(5), 5));
    await eager.close();
  });

  it('draws a latent the same alone and in a batch: 1, 7 and 64 from one session', async () => {
    const session = await engineFor('compiled').generatorSession(recipe, options);
    session.setWeights(generatorOf(2));
    const all = await session.generate(latents(64), 64);
    for (const count of [1, 7]) {
      expectClose(await session.generate(latents(count), count), all.slice(0, count * pixels));
    }
    await session.close();
  });

  it('takes new weights from the next picture on', async () => {
    const session = await engineFor('compiled').generatorSession(recipe, options);
    session.setWeights(generatorOf(1));
    const first = await session.generate(latents(1), 1);
    session.setWeights(generatorOf(2));
    const second = await session.generate(latents(1), 1);
    expect(second).not.toEqual(first);
    expectClose(second, await compiledPictures(generatorOf(2), 1));
    await session.close();
    await expect(session.generate(latents(1), 1)).rejects.toMatchObject({ code: 'engine.unavailable' });
  });
});

describe('the exported generator', () => {
  it.each([1, 7, 64])('draws what the session draws, batch %i', async (count) => {
    const { InferenceSession, Tensor } = await onnxRuntime();
    const model = await InferenceSession.create(generatorOnnx(recipe, generatorOf(3)));
    expect(model.inputNames).toEqual(['z']);
    expect(model.outputNames).toEqual(['pictures']);
    const { pictures } = await model.run({ z: new Tensor('float32', latents(count), [count, recipe.latent.size]) });
    await model.release();
    expect(pictures?.dims).toEqual([count, 16, 16, 3]);
    expectClose(pictures?.data as Float32Array, await compiledPictures(generatorOf(3), count));
  });

  it('has a free batch and its weights by name', async () => {
    const bytes = generatorOnnx(recipe, generatorOf(3));
    const { InferenceSession } = await onnxRuntime();
    const model = await InferenceSession.create(bytes);
    expect(model.inputMetadata).toMatchObject([{ name: 'z', type: 'float32', shape: ['N', recipe.latent.size] }]);
    expect(model.outputMetadata).toMatchObject([{ name: 'pictures', shape: ['N', 16, 16, 3] }]);
    await model.release();
    const text = Buffer.from(bytes).toString('latin1');
    const { trained, running } = buildGan(recipe).generator;
    for (const { name } of [...trained.slots, ...running.slots]) expect(text).toContain(name);
    expect(text).toContain('Ganvas');
    expect(text).toContain('trial');
  });
});
