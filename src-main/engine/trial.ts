import { oneHot } from '#shared/math/labels';
import { fillRandom, streams } from '#shared/math/random';
import { AdamSettings } from '#shared/recipe/optimizer';
import { learningRatesAt, Recipe, RECIPE_VERSION, type LayerNode, type RecipeInput } from '#shared/recipe/recipe';
import { isAdaptive } from '../gan/augment';
import { modelOf } from '../gan/model';
import { buildNetworks } from '../gan/network';
import type { StepInputs } from './engine';

/**
 * A large rate, so that a wrong update shows; and a large epsilon, so that a gradient of almost nothing, whose sign may differ between two right
 * float32 programs, does not move its weight by the whole rate.
 */
const trialAdam = AdamSettings.parse({ learningRate: 0.01, epsilon: 1e-3 });

/**
 * A DCGAN small enough for TensorFlow.js's JavaScript backend: 16×16 pixels, every kind of layer that the preset has, a few filters. What an
 * engine is proved with, in tests and by the doctor.
 */
export function trialRecipe(filters = 4): Recipe {
  const layer = (id: string, kind: string, settings: LayerNode['settings'] = {}): LayerNode => ({ id, kind, settings });
  return Recipe.parse({
    version: RECIPE_VERSION,
    preset: 'trial',
    image: { size: 16, channels: 3 },
    latent: { size: 8, distribution: 'normal' },
    model: { kind: 'gan' },
    classes: [],
    generator: [
      layer('g1-dense', 'dense', { units: 16 * 2 * filters, useBias: false, initialDeviation: 0.2 }),
      layer('g2-reshape', 'reshape', { height: 4, width: 4, channels: 2 * filters }),
      layer('g3-norm', 'batchNorm'),
      layer('g4-relu', 'relu'),
      layer('g5-up', 'conv2dTranspose', { filters, useBias: false, initialDeviation: 0.2 }),
      layer('g6-norm', 'batchNorm'),
      layer('g7-relu', 'relu'),
      layer('g8-up', 'conv2dTranspose', { filters: 3, initialDeviation: 0.2 }),
      layer('g9-tanh', 'tanh'),
    ],
    discriminator: [
      layer('d1-conv', 'conv2d', { filters, initialDeviation: 0.2 }),
      layer('d2-leaky', 'leakyRelu'),
      layer('d3-conv', 'conv2d', { filters: 2 * filters, useBias: false, initialDeviation: 0.2 }),
      layer('d4-norm', 'batchNorm'),
      layer('d5-leaky', 'leakyRelu'),
      layer('d6-flatten', 'flatten'),
      layer('d7-dense', 'dense', { units: 1, initialDeviation: 0.2 }),
    ],
    loss: { kind: 'bceNonSaturating', labelSmoothing: 0 },
    optimizers: { generator: trialAdam, discriminator: trialAdam },
    training: { batchSize: 4, steps: 10 },
  } satisfies RecipeInput);
}

/** Latents and stand-ins for real pictures, the same for the same index: what proofs and comparisons are fed with. */
export function trialBatch(recipe: Recipe, batchSize: number, index: number): StepInputs {
  const { size, channels } = recipe.image;
  const classes = recipe.classes.length;
  const model = modelOf(recipe);
  const count = batchSize * model.batches(recipe);
  const noise = fillRandom(new Float32Array(count * size * size * channels), 'normal', index, streams.order);
  return {
    ...model.draw(buildNetworks(recipe), batchSize, index, 0, isAdaptive(recipe) ? 0.5 : 1),
    real: noise.map((value) => Math.tanh(value)),
    ...(classes > 0 && {
      labels: oneHot(
        Array.from({ length: count }, (_, row) => (row + index) % classes),
        classes,
      ),
    }),
    learningRates: learningRatesAt(recipe, 0),
    emaKept: 0.5,
  };
}
