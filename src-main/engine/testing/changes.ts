import { AugmentationSettings } from '#shared/recipe/augmentation';
import { consistencyChoices, ConsistencySettings } from '#shared/recipe/consistency';
import { DiscriminatorNoiseSettings } from '#shared/recipe/discriminatorNoise';
import { lossChoices, LossSettings } from '#shared/recipe/loss';
import { ModelSettings, reconstructionIds, type VaeSettings } from '#shared/recipe/model';
import { ClippingSettings, optimizerChoices, OptimizerSettings } from '#shared/recipe/optimizer';
import type { LayerNode, Recipe } from '#shared/recipe/recipe';
import { regularizerChoices, RegularizerSettings } from '#shared/recipe/regularizer';
import { trialRecipe } from '../trial';

const withKind = <Parsed>(schema: { parse: (data: unknown) => Parsed }, kind: string) => schema.parse({ kind });
const each = <Change>(kinds: object, name: string, change: (kind: string) => Change) =>
  Object.keys(kinds).map((kind) => [`the ${name} ${kind}`, change(kind)] as const);
const training = (change: Partial<Recipe['training']>): Pick<Recipe, 'training'> => ({
  training: { ...trialRecipe().training, ...change },
});
const lazy = { kind: 'r1', gamma: 1, every: 2 } as const;
const augmentation = (change: Partial<Recipe['augmentation']>) => ({
  augmentation: AugmentationSettings.parse(change),
});
const translated = { flip: true, translation: 0.125 };

const everyChange = { ...translated, cutout: 0.5, brightness: 0.5, saturation: 1, contrast: 0.5 };
const noise = (change: object) => ({ discriminatorNoise: DiscriminatorNoiseSettings.parse(change) });
/** Fast enough to show, and with an epsilon that keeps almost nothing from being divided by almost nothing. */
const optimizer = (settings: object) =>
  OptimizerSettings.parse({
    learningRate: 0.01,
    ...('kind' in settings && settings.kind !== 'sgd' && { epsilon: 1e-3 }),
    ...settings,
  });
const optimizers = (settings: object): Pick<Recipe, 'optimizers'> => ({
  optimizers: { generator: optimizer(settings), discriminator: optimizer(settings) },
});
const clipping = (settings: Partial<ClippingSettings>): Recipe['clipping'] => ({
  generator: ClippingSettings.parse(settings),
  discriminator: ClippingSettings.parse(settings),
});

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

/** A residual block whose both ways end in average pooling. */
const halving = [
  layer('d1', 'conv2d', { filters: 4, kernel: 1, stride: 1, initializer: 'he' }),
  layer('d2', 'conv2d', { filters: 4, kernel: 3, stride: 1, initializer: 'he' }),
  layer('d3', 'averagePool'),
  { ...layer('d4', 'conv2d', { filters: 4, kernel: 1, stride: 1, initializer: 'he' }), inputs: ['d1'] },
  layer('d5', 'averagePool'),
  { ...layer('d6', 'residualAdd'), inputs: ['d3', 'd5'] },
  layer('d7', 'leakyRelu'),
  layer('d8', 'flatten'),
  layer('d9', 'dense', { units: 1, initializer: 'he' }),
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
    optimizers: { ...optimizers, generator: OptimizerSettings.parse({ ...optimizers.generator, epsilon: 0.1 }) },
    training: { ...settled, emaHalfLife: 100 },
  };
}

function vaeInParts(): Partial<Recipe> {
  const whole = vae({ reconstruction: 'mse' });
  const parts = { ...trialRecipe().training, ...whole.training, microBatches: 2 };
  return { ...whole, training: parts, clipping: clipping({ norm: 100 }) };
}

/** Everything about training that a recipe can say, beside most layers, as changes of the trial's recipe. */
export const changes: readonly (readonly [string, Partial<Recipe>])[] = [
  ...each(lossChoices, 'loss', (kind) => ({ loss: withKind(LossSettings, kind) })),
  ...each(regularizerChoices, 'penalty', (kind) => ({ regularizer: withKind(RegularizerSettings, kind) })),
  ...each(optimizerChoices, 'optimiser', (kind) => optimizers({ kind })),
  ['an optimiser with momentum', optimizers({ kind: 'rmsprop', momentum: 0.5 })],
  ['an optimiser without any', optimizers({ kind: 'sgd', momentum: 0 })],
  ['Nesterov’s momentum', optimizers({ kind: 'sgd', nesterov: true })],
  [
    'another optimiser in D',
    { optimizers: { ...trialRecipe().optimizers, discriminator: optimizer({ kind: 'sgd' }) } },
  ],
  ['gradients clipped by value', { clipping: clipping({ value: 0.01 }) }],
  ['gradients clipped by length', { clipping: clipping({ norm: 0.1 }) }],
  ['micro-batches', training({ microBatches: 2 })],
  ['a penalty each time', { regularizer: { ...lazy, every: 1 } }],
  ['a penalty every other time', { regularizer: lazy }],
  ['translation', augmentation(translated)],
  ['cutout', augmentation({ cutout: 0.5 })],
  ['other colours', augmentation({ brightness: 0.5, saturation: 1, contrast: 0.5 })],
  ['every change, adaptive', augmentation({ ...everyChange, adaptive: true })],
  ['label noise', noise({ labels: 0.5 })],
  ['instance noise', noise({ pictures: 0.2 })],
  ['instance noise that ends', noise({ pictures: 0.2, picturesSteps: 2 })],
  ...each(consistencyChoices, 'consistency', (kind) => ({ consistency: withKind(ConsistencySettings, kind) })),
  ['upsampling folded into convolutions', { generator: upsampling }],
  ['average pooling folded into convolutions', { discriminator: halving, regularizer: lazy }],
  ['an average of G', training({ emaHalfLife: 100 })],
  ...reconstructionIds.map(
    (reconstruction) => [`a VAE compared by ${reconstruction}`, vae({ reconstruction })] as const,
  ),
  ['a VAE in micro-batches, clipped', vaeInParts()],
  ['a VAE with free bits, warm-up and noise', vae({ freeBits: 0.05, warmUp: 4, beta: 2 }, layer('e0', 'dropout'))],
  ['three updates of D in a step', training({ discriminatorSteps: 3 })],
  [
    'all of it together',
    {
      loss: { kind: 'hinge' },
      regularizer: lazy,
      ...augmentation({ ...everyChange, adaptive: true }),
      ...noise({ labels: 0.2, pictures: 0.1, picturesSteps: 5 }),
      consistency: { kind: 'balanced', realWeight: 1, fakeWeight: 1, translation: 0.125 },
      clipping: clipping({ value: 0.1, norm: 0.5 }),
      ...optimizers({ kind: 'adamW' }),
      ...training({ discriminatorSteps: 2, microBatches: 2, emaHalfLife: 100 }),
    },
  ],
];
