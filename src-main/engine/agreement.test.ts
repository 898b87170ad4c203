import { lossChoices, LossSettings } from '#shared/recipe/loss';
import { ModelSettings, networkNames, type VaeSettings } from '#shared/recipe/model';
import { regularizerChoices, RegularizerSettings } from '#shared/recipe/regularizer';
import { Recipe, type LayerNode } from '#shared/recipe/recipe';
import { describe, expect, it } from 'vitest';
import { initialState } from '../gan/network';
import { compiled } from './compiled/engine';
import { eager } from './eager';
import type { NetworkState, TrainSession } from './engine';
import { trialBatch, trialRecipe } from './trial';

const BATCH = 4;
const STEPS = 3;
const TOLERANCE = 1e-5;
const options = { provider: 'cpu', threads: 2 } as const;

const withKind = <Parsed>(schema: { parse: (data: unknown) => Parsed }, kind: string) => schema.parse({ kind });
const each = <Change>(kinds: object, name: string, change: (kind: string) => Change) =>
  Object.keys(kinds).map((kind) => [`the ${name} ${kind}`, change(kind)] as const);
const training = (change: Partial<Recipe['training']>): Pick<Recipe, 'training'> => ({
  training: { ...trialRecipe().training, ...change },
});
const lazy = { kind: 'r1', gamma: 1, every: 2 } as const;
const translated = { flip: true, translation: 0.125 };

const layer = (id: string, kind: string, settings: LayerNode['settings'] = {}): LayerNode => ({ id, kind, settings });
const upsampling = [
  layer('g1', 'dense', { units: 16 * 4, initializer: 'glorot' }),
  layer('g2', 'reshape', { height: 4, width: 4, channels: 4 }),
  layer('g3', 'upsample'),
  layer('g4', 'conv2d', { filters: 4, kernel: 3, stride: 1, initializer: 'he' }),
  layer('g5', 'relu'),
  layer('g6', 'upsample'),
  layer('g7', 'conv2d', { filters: 3, kernel: 3, stride: 1, initializer: 'glorot' }),
];

/** The trial's networks as a VAE: its discriminator gives a code instead of a verdict. */
function vae(settings: Partial<VaeSettings>, ...before: LayerNode[]): Partial<Recipe> {
  const { discriminator, latent, optimizers, training: settled } = trialRecipe(2);
  const code = layer('e7-dense', 'dense', { units: 2 * latent.size, initialDeviation: 0.2 });
  return {
    model: ModelSettings.parse({ kind: 'vae', ...settings }),
    encoder: [...before, ...discriminator.slice(0, -1), code],
    discriminator: [],
    // Its loss is summed over pixels, not their mean, so a gradient of almost nothing is hundreds of times larger.
    optimizers: { ...optimizers, generator: { ...optimizers.generator, epsilon: 0.1 } },
    training: { ...settled, emaHalfLife: 100 },
  };
}

/** Everything about training that a recipe can say, beside most layers: each is computed alike by both engines. */
const changes: readonly (readonly [string, Partial<Recipe>])[] = [
  ...each(lossChoices, 'loss', (kind) => ({ loss: withKind(LossSettings, kind) })),
  ...each(regularizerChoices, 'penalty', (kind) => ({ regularizer: withKind(RegularizerSettings, kind) })),
  ['a penalty each time', { regularizer: { ...lazy, every: 1 } }],
  ['a penalty every other time', { regularizer: lazy }],
  ['translation', { augmentation: translated }],
  ['upsampling folded into convolutions', { generator: upsampling }],
  ['an average of G', training({ emaHalfLife: 100 })],
  ...(['gaussian', 'bce', 'mse'] as const).map(
    (reconstruction) => [`a VAE compared by ${reconstruction}`, vae({ reconstruction })] as const,
  ),
  ['a VAE with free bits, warm-up and noise', vae({ freeBits: 0.05, warmUp: 4, beta: 2 }, layer('e0', 'dropout'))],
  ['three updates of D in a step', training({ discriminatorSteps: 3 })],
  [
    'all of it together',
    {
      loss: { kind: 'hinge' },
      regularizer: lazy,
      augmentation: translated,
      ...training({ discriminatorSteps: 2, emaHalfLife: 100 }),
    },
  ],
];

function expectClose(a: Float32Array, b: Float32Array, what: string): void {
  expect(a.length, what).toBe(b.length);
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] as number))), 0);
  expect(worst / scale, what).toBeLessThan(TOLERANCE);
}

describe('both engines agree in every loss, verdict, weight, moment and running statistic, with', () => {
  it.each(changes)('%s', async (_name, change) => {
    const recipe = Recipe.parse({ ...trialRecipe(2), ...change });
    const start = initialState(recipe, 3);
    const sessions: TrainSession[] = [];
    for (const engine of [eager, compiled]) {
      sessions.push(await engine.trainSession(recipe, BATCH, start, options));
    }
    for (let step = 0; step < STEPS; step++) {
      const inputs = trialBatch(recipe, BATCH, step);
      const [slow, fast] = await Promise.all(sessions.map((session) => session.step(inputs)));
      for (const [name, value] of Object.entries(slow ?? {}) as [keyof typeof slow, number][]) {
        const scale = Math.max(1, Math.abs(value));
        expect(Math.abs(value - (fast?.[name] ?? NaN)) / scale, `${name} of step ${step}`).toBeLessThan(TOLERANCE);
      }
    }
    const [slow, fast] = await Promise.all(sessions.map((session) => session.readState()));
    for (const network of networkNames(recipe)) {
      for (const part of ['weights', 'firstMoment', 'secondMoment', 'running'] as const) {
        const [a, b] = [slow, fast].map((state) => (state?.[network] as NetworkState)[part]);
        expectClose(a as Float32Array, b as Float32Array, `${network} ${part}`);
      }
    }
    expect(slow?.ema === undefined).toBe(recipe.training.emaHalfLife === 0);
    expectClose(slow?.ema?.weights ?? new Float32Array(0), fast?.ema?.weights ?? new Float32Array(0), 'the average');
    await Promise.all(sessions.map((session) => session.close()));
  });
});
