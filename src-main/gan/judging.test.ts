import '@tensorflow/tfjs-backend-cpu';
import { fillRandom } from '#shared/math/random';
import { applyLayer, LayerMisfit, shapeSize, shapesOf, type LayerKind, type Shape } from '#shared/recipe/layerKind';
import { layerKinds } from '#shared/recipe/layerRegistry';
import { presetRecipe } from '#shared/recipe/presets';
import { Recipe, type LayerNode } from '#shared/recipe/recipe';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { trialRecipe } from '../engine/trial';
import { canJudgeTogether } from './judging';
import { buildNetworks } from './network';

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

beforeAll(() => tf.setBackend('cpu'));

const PICTURES = 4;
const CLASSES = 3;

const numbers = (shape: Shape, seed: number): tf.Tensor =>
  tf.tensor(fillRandom(new Float32Array(shapeSize(shape)), 'normal', seed, 1), [...shape]);

/** The first of some usual inputs that a layer takes. */
function inputsFor(kind: LayerKind, settings: unknown): readonly Shape[] {
  const maps: Shape[] = [[4, 4, 8], [16]];
  for (const shape of maps) {
    const inputs = kind.joins ? [shape, shape] : [shape];
    try {
      shapesOf(kind, inputs, settings, CLASSES);
      return inputs;
    } catch (error) {
      if (!(error instanceof LayerMisfit)) throw error;
    }
  }
  throw new Error(`${kind.id} takes none of the inputs that are tried`);
}

const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  reshape: { height: 2, width: 2, channels: 4 },
  dense: { units: 3 },
};

describe('layers that mix the pictures of a batch', () => {
  it.each([...layerKinds])('are those that say so: %s', (_id, kind) => {
    const settings = kind.settings.parse(defaults[kind.id] ?? {});
    const inputs = inputsFor(kind, settings);
    const { weights, noise } = shapesOf(kind, inputs, settings, CLASSES);
    const given = Object.fromEntries(
      Object.entries(weights).map(([name, { shape }], at) => [name, numbers(shape, at)]),
    );
    const xs = inputs.map((shape, at) => numbers([PICTURES, ...shape], 10 + at));
    const drawn = noise && numbers([PICTURES, ...noise.shape], 20);
    const labels = tf.cast(tf.oneHot(tf.tensor1d([0, 1, 2, 1], 'int32'), CLASSES), 'float32');
    const part = (tensor: tf.Tensor, from: number, count: number) =>
      tf.slice(tensor, [from, ...tensor.shape.slice(1).map(() => 0)], [count, ...tensor.shape.slice(1)]);
    const passOn = (from: number, count: number) =>
      applyLayer(tf, kind, xs.map((x) => part(x, from, count)), given, settings, {
        mode: 'train',
        updateRunning: () => undefined,
        noise: drawn && part(drawn, from, count),
        labels: part(labels, from, count),
      }); // prettier-ignore
    const [whole, halves] = [passOn(0, PICTURES), tf.concat([passOn(0, 2), passOn(2, 2)])];
    const apart = tf.max(tf.abs(tf.sub(whole, halves))).dataSync()[0] ?? NaN;
    expect(apart).not.toBeNaN();
    expect(apart > 1e-4).toBe(kind.mixesBatch === true);
  });
});

describe('reals and fakes in one pass', () => {
  const layer = (kind: string, settings: LayerNode['settings'] = {}): LayerNode => ({
    id: kind.toLowerCase(),
    kind,
    settings,
  });
  const judgedBy = (...layers: readonly LayerNode[]) =>
    canJudgeTogether(
      buildNetworks(
        Recipe.parse({ ...trialRecipe(), discriminator: [...layers, layer('flatten'), layer('dense', { units: 1 })] }),
      ),
    );

  it('are allowed where each picture is judged by itself, whatever is drawn for it', () => {
    expect(judgedBy(layer('conv2d', { filters: 4 }), layer('layerNorm'), layer('dropout'))).toBe(true);
    expect(canJudgeTogether(buildNetworks(presetRecipe('studio-32', 3)))).toBe(true);
  });

  it('are not where a batch has statistics, or a pass moves one', () => {
    expect(judgedBy(layer('conv2d', { filters: 4 }), layer('batchNorm'))).toBe(false);
    expect(judgedBy(layer('conv2d', { filters: 4 }), layer('minibatchStandardDeviation'))).toBe(false);
    expect(judgedBy(layer('conv2d', { filters: 4, spectralNorm: true }))).toBe(false);
    expect(canJudgeTogether(buildNetworks(presetRecipe('dcgan-32', 3)))).toBe(false);
    expect(canJudgeTogether(buildNetworks(presetRecipe('vae-32', 3)))).toBe(false);
  });
});
