import { z } from 'zod';
import { limits } from '../contract/limits';
import { fail } from '../contract/errors';
import { AugmentationSettings } from './augmentation';
import { ConsistencySettings } from './consistency';
import { DiscriminatorNoiseSettings } from './discriminatorNoise';
import { LossSettings } from './loss';
import { byNetwork, ModelSettings, networkNames, type ByNetwork, type NetworkName } from './model';
import { ClippingSettings, OptimizerSettings } from './optimizer';
import { RegularizerSettings } from './regularizer';
import { learningRateFactor, TrainingSettings } from './training';

const LayerId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** One layer of a network: its kind and that kind's settings. Its input is the layer before it, unless `inputs` names earlier layers. */
export const LayerNode = z.strictObject({
  id: LayerId,
  kind: z.string().min(1).max(40),
  settings: z.record(z.string().max(40), z.union([z.number(), z.string().max(200), z.boolean()])),
  inputs: z.array(LayerId).min(1).max(limits.layerInputs).optional(),
});
export type LayerNode = z.output<typeof LayerNode>;

const Network = z.array(LayerNode).max(limits.layersPerNetwork);

export const RECIPE_VERSION = 1;

/** Everything that makes a run what it is, apart from its pictures and its seed. */
export const Recipe = z.strictObject({
  version: z.literal(RECIPE_VERSION),
  /** The preset it began as, for display. */
  preset: z.string().max(40),
  image: z.strictObject({
    /** Side of the square training pictures, pixels. */
    size: z.int().min(limits.imageSideMin).max(limits.imageSideMax),
    channels: z.union([z.literal(1), z.literal(3)]),
  }),
  latent: z.strictObject({
    size: z
      .int()
      .min(1)
      .max(limits.latentSizeMax)
      .meta({ title: 'Latent size', description: 'How many random numbers a picture is made from.' }),
    distribution: z
      .enum(['normal', 'uniform'])
      .meta({ title: 'Latent distribution', description: 'Normal: N(0, 1). Uniform: −1 … 1.' }),
  }),
  /** What is trained: generator against discriminator, or generator and encoder together. What the other one has is kept and not used. */
  model: ModelSettings.default({ kind: 'gan' }),
  /** Names of the pictures' classes, in the order of their numbers, where the networks look at them; else empty. */
  classes: z.array(z.string().min(1).max(limits.classNameLength)).max(limits.classes).default([]),
  generator: Network,
  discriminator: Network.default([]),
  encoder: Network.optional(),
  loss: LossSettings.default({ kind: 'bceNonSaturating', labelSmoothing: 0 }),
  /** What keeps D from becoming steep. */
  regularizer: RegularizerSettings.default({ kind: 'none' }),
  consistency: ConsistencySettings.default({ kind: 'none' }),
  discriminatorNoise: DiscriminatorNoiseSettings.prefault({}),
  augmentation: AugmentationSettings.prefault({}),
  optimizers: z.strictObject({
    generator: OptimizerSettings,
    discriminator: OptimizerSettings.prefault({ kind: 'adam' }),
    /** As the generator's where it is left out. */
    encoder: OptimizerSettings.optional(),
  }),
  clipping: z
    .strictObject({
      generator: ClippingSettings.prefault({}),
      discriminator: ClippingSettings.prefault({}),
      /** As the generator's where it is left out. */
      encoder: ClippingSettings.optional(),
    })
    .prefault({}),
  training: TrainingSettings,
});
export type Recipe = z.output<typeof Recipe>;
/** What a recipe says beside its defaults. */
export type RecipeInput = z.input<typeof Recipe>;

export type LearningRates = ByNetwork<number>;

/** Parses a recipe read from a file or a message; `recipe.invalid` names the first thing that is wrong. */
export function parseRecipe(data: unknown): Recipe {
  const parsed = Recipe.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return fail('recipe.invalid', {
    problem: `${issue?.path.join('.') ?? 'recipe'}: ${issue?.message ?? 'not readable'}`,
  });
}

/** Whether two recipes have the same networks, so that one's state fits the other. */
export function sameNetworks(a: Recipe, b: Recipe): boolean {
  const networks = (recipe: Recipe) =>
    JSON.stringify([
      recipe.image,
      recipe.latent,
      recipe.classes,
      ...networkNames(recipe).map((name) => [name, layersOf(recipe, name)]),
    ]);
  return networks(a) === networks(b);
}

/** The layers of one of a recipe's networks; none where it has no such network. */
export function layersOf(recipe: Recipe, network: NetworkName): readonly LayerNode[] {
  return recipe[network] ?? [];
}

/** How one of a recipe's networks follows its gradient. */
export function optimizerSettingsOf({ optimizers }: Recipe, network: NetworkName): OptimizerSettings {
  return optimizers[network] ?? optimizers.generator;
}

/** What is done to one of a recipe's networks' gradients first. */
export function clippingSettingsOf({ clipping }: Recipe, network: NetworkName): ClippingSettings {
  return clipping[network] ?? clipping.generator;
}

/** Each network's learning rate for the step after `step` done ones. */
export function learningRatesAt(recipe: Recipe, step: number): LearningRates {
  const factor = learningRateFactor(recipe.training, step);
  return byNetwork(networkNames(recipe), (name) => optimizerSettingsOf(recipe, name).learningRate * factor);
}
