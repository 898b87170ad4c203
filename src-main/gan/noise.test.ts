import type { LayerNode, Recipe } from '#shared/recipe/recipe';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { presetRecipe } from '#shared/recipe/presets';
import { buildGan } from './network';
import { NoisePlan, type StepNoise } from './noise';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const preset = presetRecipe('dcgan-32', 1);
const withNoise = (nodes: readonly LayerNode[], kind: string, settings: LayerNode['settings']): LayerNode[] => [
  { id: 'lots', kind, settings },
  ...nodes,
];
const recipe: Recipe = {
  ...preset,
  generator: withNoise(preset.generator, 'gaussianNoise', {}),
  discriminator: withNoise(preset.discriminator, 'dropout', {}),
};

const plan = (batch: number) => new NoisePlan(buildGan(recipe), batch);
const filled = (batch: number, seed: number, seen: number) => {
  const of = plan(batch);
  return of.fill(new Float32Array(of.size), seed, seen);
};

describe('the noise of a step', () => {
  it('is empty where no layer draws', () => {
    expect(new NoisePlan(buildGan(preset), 4).size).toBe(0);
  });

  it('has its own numbers for G’s pass and for each of D’s three, as each layer wants them', () => {
    const numbers = filled(4, 1, 0);
    const [noise] = plan(4).unpack(tf, tf.tensor1d(numbers));
    const { generate, judgeReal, judgeFake, judgeUpdated } = noise as StepNoise;
    expect(generate.layers.map(({ shape }) => shape)).toEqual([[4, 100]]);
    const judged = [judgeReal, judgeFake, judgeUpdated].map(({ layers: [tensor] }) => tensor as tf.Tensor);
    for (const tensor of judged) {
      expect(tensor.shape).toEqual([4, 32, 32, 1]);
      expect(tf.max(tf.abs(tensor)).dataSync()[0]).toBeLessThan(1);
    }
    expect(tf.max(generate.layers[0] as tf.Tensor).dataSync()[0]).toBeGreaterThan(1);
    const firsts = judged.map((tensor) => tensor.dataSync()[0]);
    expect(new Set(firsts).size).toBe(3);
  });

  it('is the same for the same seed and step, and another for others', () => {
    expect(filled(4, 1, 8)).toEqual(filled(4, 1, 8));
    expect(filled(4, 2, 8)).not.toEqual(filled(4, 1, 8));
    expect(filled(4, 1, 12)).not.toEqual(filled(4, 1, 8));
  });

  it('draws no number twice from step to step, also when the batch size changes', () => {
    const uniform = (batch: number, seen: number) => [...filled(batch, 1, seen).subarray(batch * 100)];
    const drawn = [...uniform(2, 0), ...uniform(4, 2), ...uniform(2, 6)];
    // Two of 24 000 float32 numbers may be equal by chance; a repeated block would be hundreds.
    expect(drawn.length - new Set(drawn).size).toBeLessThan(50);
  });

  it('blurs what D sees where the recipe says so, each look otherwise', () => {
    const blurred = { ...preset, discriminatorNoise: { ...preset.discriminatorNoise, pictures: 0.1 } };
    const of = new NoisePlan(buildGan(blurred), 2);
    const [noise] = of.unpack(tf, tf.tensor1d(of.fill(new Float32Array(of.size), 1, 0)));
    expect(noise?.generate.pictures).toBeUndefined();
    const looks = [noise?.judgeReal, noise?.judgeFake, noise?.judgeUpdated].map(
      (drawn) => drawn?.pictures as tf.Tensor,
    );
    for (const look of looks) {
      expect(look.shape).toEqual([2, 32, 32, 1]);
      expect(tf.mean(tf.square(look)).dataSync()[0]).toBeCloseTo(1, 0);
    }
    expect(new Set(looks.map((look) => look.dataSync()[0])).size).toBe(3);
  });

  it('is missed when it is not given', () => {
    expect(() => plan(4).unpack(tf, undefined)).toThrow(/needs \d+ random numbers/);
  });
});
