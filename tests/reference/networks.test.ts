import type { GanFigures } from '#shared/contract/types';
import type { LayerNode, Recipe } from '#shared/recipe/recipe';
import { checkRecipe } from '#shared/recipe/check';
import { describe, expect, it } from 'vitest';
import { compiled } from '../../src-main/engine/compiled/engine';
import { eager } from '../../src-main/engine/eager';
import type { NetworkState } from '../../src-main/engine/engine';
import { generatorOnnx } from '../../src-main/engine/networkOnnx';
import { trialBatch, trialRecipe } from '../../src-main/engine/trial';
import { initialState } from '../../src-main/gan/network';

type Numbers = Readonly<Record<string, Float32Array>>;

/** A GAN of 16×16 pixels that branches, draws lots and keeps every kind of running weight, as FastGAN, SAGAN and StyleGAN2 do. */
const node = (id: string, kind: string, settings: LayerNode['settings'] = {}, inputs?: string[]): LayerNode =>
  inputs ? { id, kind, settings, inputs } : { id, kind, settings };
const spread = { initialDeviation: 0.2 };
const recipe: Recipe = {
  ...trialRecipe(),
  generator: [
    node('dense', 'dense', { units: 64, ...spread }),
    node('map', 'reshape', { height: 4, width: 4, channels: 4 }),
    node('norm', 'groupNorm', { groups: 2 }),
    node('up', 'upsample', { method: 'bilinear' }),
    node('wide', 'conv2d', { filters: 8, kernel: 3, stride: 1, outside: 'reflect', ...spread }),
    node('gate', 'glu'),
    node('noise', 'gaussianNoise', { deviation: 0.3 }),
    node('inner', 'conv2d', { filters: 4, kernel: 3, stride: 1, ...spread }),
    node('inner-norm', 'batchNorm'),
    node('bend', 'silu'),
    node('sum', 'residualAdd', {}, ['bend', 'gate']),
    node('near', 'upsample'),
    node('excite', 'skipLayerExcitation', spread, ['near', 'map']),
    node('pictures', 'conv2d', { filters: 3, kernel: 3, stride: 1, spectralNorm: true, ...spread }),
    node('range', 'tanh'),
  ],
  discriminator: [
    node('blur', 'gaussianNoise'),
    node('conv', 'conv2d', { filters: 4, spectralNorm: true, ...spread }),
    node('leaky', 'leakyRelu'),
    node('drop', 'dropout', { rate: 0.3 }),
    node('attend', 'selfAttention', spread),
    node('pool', 'maxPool'),
    node('mean', 'averagePool', {}, ['attend']),
    node('both', 'concatenate', {}, ['pool', 'mean']),
    node('spread', 'minibatchStandardDeviation'),
    node('flat', 'flatten'),
    node('verdict', 'dense', { units: 1, ...spread }),
  ],
};
const BATCH = 4;
const options = { provider: 'cpu', threads: 2 } as const;

describe('a GAN of many kinds of layers', () => {
  it('is sound', () => {
    expect(checkRecipe(recipe).problems).toEqual([]);
  });

  it('trains the same compiled as eager: losses, weights, moments and running weights after 3 steps, and pictures', async () => {
    const start = initialState(recipe, 5);
    const [slow, fast] = await Promise.all(
      [eager, compiled].map(async (engine) => {
        const session = await engine.trainSession(recipe, BATCH, start, options);
        const losses: number[] = [];
        for (let step = 0; step < 3; step++) {
          losses.push(...(Object.values(await session.step(trialBatch(recipe, BATCH, step))) as number[]));
        }
        const { generator, discriminator } = await session.readState();
        const weights = await session.readGenerator();
        await session.close();
        const sampler = await engine.generatorSession(recipe, options);
        sampler.setWeights(weights);
        const pictures = await sampler.generate(trialBatch(recipe, 3, 9).z, 3);
        await sampler.close();
        const numbers: Numbers = { losses: Float32Array.from(losses), pictures };
        return { ...numbers, ...flat('g', generator), ...flat('d', discriminator as NetworkState) };
      }),
    );
    for (const [name, expected] of Object.entries(slow ?? {})) {
      const got = fast?.[name] ?? new Float32Array(0);
      expect(got.length, name).toBe(expected.length);
      const difference = expected.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (got[at] ?? NaN))), 0);
      expect(difference, name).toBeLessThan(2e-5);
    }
    expect(slow?.['losses']?.every(Number.isFinite)).toBe(true);
    // Something was learned, and the singular vectors moved.
    expect(slow?.['g weights']).not.toEqual(start.generator.weights);
    expect(slow?.['d running']).not.toEqual(start.discriminator?.running);
  });

  it('draws other lots in each step, and the same ones for the same step', async () => {
    const start = initialState(recipe, 5);
    const lossWith = async (noise: Float32Array): Promise<number> => {
      const session = await compiled.trainSession(recipe, BATCH, start, options);
      const { lossD } = (await session.step({ ...trialBatch(recipe, BATCH, 0), noise })) as GanFigures;
      await session.close();
      return lossD;
    };
    const [first, second] = [0, 1].map((step) => trialBatch(recipe, BATCH, step).noise as Float32Array);
    expect(await lossWith(first as Float32Array)).toBe(await lossWith(first as Float32Array));
    expect(await lossWith(first as Float32Array)).not.toBe(await lossWith(second as Float32Array));
  });

  it('is exported as a model that stands alone', () => {
    const { generator } = initialState(recipe, 5);
    expect(generatorOnnx(recipe, { ...generator, step: 0 }).length).toBeGreaterThan(generator.weights.byteLength);
  });
});

const flat = (network: string, state: NetworkState): Numbers =>
  Object.fromEntries(Object.entries(state).map(([part, vector]) => [`${network} ${part}`, vector]));
