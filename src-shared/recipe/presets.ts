import { fail } from '../contract/errors';
import { withClasses } from './conditional';
import { networkNames, type ModelSettings } from './model';
import { AdamSettings } from './optimizer';
import { layersOf, Recipe, RECIPE_VERSION, type LayerNode, type RecipeInput } from './recipe';

export interface PresetOptions {
  readonly size: number;
  readonly channels: 1 | 3;
}

/** A named starting point: networks, loss and optimisers for pictures of a size. */
interface Preset {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly size: number;
  readonly build: (channels: 1 | 3) => Recipe;
}

/** Side of the smallest feature map, and channels of the one next to the pictures. */
const SMALLEST_SIDE = 4;
const BASE_CHANNELS = 32;

/** Gives each layer a readable id: kind and its number in the network. */
function named(prefix: string, layers: readonly Omit<LayerNode, 'id'>[]): LayerNode[] {
  return layers.map((layer, index) => ({ id: `${prefix}${index + 1}-${layer.kind.toLowerCase()}`, ...layer }));
}

/**
 * DCGAN (Radford, Metz and Chintala 2016) for a power-of-two size: G is dense → 4×4 map → transposed convolutions 4×4 stride 2, each doubling
 * the side; D mirrors it with strided convolutions. Channels double with each level below the picture, beginning at 32.
 */
function dcgan({ size, channels }: PresetOptions): Recipe {
  const levels = Math.log2(size / SMALLEST_SIDE);
  const deepest = BASE_CHANNELS * 2 ** (levels - 1);
  const generator: Omit<LayerNode, 'id'>[] = [
    { kind: 'dense', settings: { units: SMALLEST_SIDE * SMALLEST_SIDE * deepest, useBias: false } },
    { kind: 'reshape', settings: { height: SMALLEST_SIDE, width: SMALLEST_SIDE, channels: deepest } },
    { kind: 'batchNorm', settings: {} },
    { kind: 'relu', settings: {} },
  ];
  for (let level = 1; level < levels; level++) {
    generator.push(
      {
        kind: 'conv2dTranspose',
        settings: { filters: deepest / 2 ** level, kernel: 4, stride: 2, padding: 'same', useBias: false },
      },
      { kind: 'batchNorm', settings: {} },
      { kind: 'relu', settings: {} },
    );
  }
  generator.push(
    { kind: 'conv2dTranspose', settings: { filters: channels, kernel: 4, stride: 2, padding: 'same', useBias: true } },
    { kind: 'tanh', settings: {} },
  );
  const discriminator: Omit<LayerNode, 'id'>[] = [];
  for (let level = 0; level < levels; level++) {
    const first = level === 0;
    discriminator.push(
      {
        kind: 'conv2d',
        settings: { filters: BASE_CHANNELS * 2 ** level, kernel: 4, stride: 2, padding: 'same', useBias: first },
      },
      // DCGAN: no batch normalisation on the discriminator's input layer.
      ...(first ? [] : [{ kind: 'batchNorm', settings: {} }]),
      { kind: 'leakyRelu', settings: { slope: 0.2 } },
    );
  }
  discriminator.push({ kind: 'flatten', settings: {} }, { kind: 'dense', settings: { units: 1, useBias: true } });
  return Recipe.parse({
    version: RECIPE_VERSION,
    preset: `dcgan-${size}`,
    image: { size, channels },
    latent: { size: 100, distribution: 'normal' },
    model: { kind: 'gan' },
    classes: [],
    generator: named('g', generator),
    discriminator: named('d', discriminator),
    loss: { kind: 'bceNonSaturating', labelSmoothing: 0 },
    optimizers: { generator: AdamSettings.parse({}), discriminator: AdamSettings.parse({}) },
    training: { batchSize: 16, steps: 5000 },
  } satisfies RecipeInput);
}

/** Latent numbers of the VAE for 32×32 pictures; those that it does not need end up as noise. */
const VAE_LATENT = 32;

/** Channels of no layer of the studio recipe are more. */
const STUDIO_CHANNELS_MAX = 256;

/** How many levels of halving lie between the pictures and the smallest map, and the channels of each. */
const levelsOf = (size: number): number => Math.log2(size / SMALLEST_SIDE);
const depth = (level: number): number => Math.min(STUDIO_CHANNELS_MAX, BASE_CHANNELS * 2 ** level);

const normed = (activation: Omit<LayerNode, 'id'>): Omit<LayerNode, 'id'>[] => [
  { kind: 'batchNorm', settings: {} },
  activation,
];

/** Dense → 4×4 map → nearest-neighbour upsampling with a 3×3 convolution, each doubling the side. */
function upsamplingGenerator({ size, channels }: PresetOptions): LayerNode[] {
  const levels = levelsOf(size);
  const deepest = depth(levels - 1);
  const relu = normed({ kind: 'relu', settings: {} });
  const generator: Omit<LayerNode, 'id'>[] = [
    { kind: 'dense', settings: { units: SMALLEST_SIDE * SMALLEST_SIDE * deepest, useBias: false } },
    { kind: 'reshape', settings: { height: SMALLEST_SIDE, width: SMALLEST_SIDE, channels: deepest } },
    ...relu,
  ];
  for (let level = levels - 1; level >= 0; level--) {
    const last = level === 0;
    const filters = last ? channels : depth(level - 1);
    generator.push(
      { kind: 'upsample', settings: { factor: 2, method: 'nearest' } },
      { kind: 'conv2d', settings: { filters, kernel: 3, stride: 1, padding: 'same', useBias: last } },
      ...(last ? [{ kind: 'tanh', settings: {} }] : relu),
    );
  }
  return named('g', generator);
}

/**
 * The studio's own recipe, for better pictures than DCGAN's after as many: nearest-neighbour upsampling with 3×3 convolutions in G, no
 * normalisation and He's weights in D, hinge with lazy R1, an average of G, learning rates that fall over the second half (to a tenth: to a
 * fiftieth made no difference beyond that between seeds). Colour sets tend to be small, so they get translation, mirroring and a weaker penalty.
 */
function studio({ size, channels }: PresetOptions): Recipe {
  const discriminator = Array.from({ length: levelsOf(size) }, (_, level) => [
    {
      kind: 'conv2d',
      settings: { filters: depth(level), kernel: 4, stride: 2, padding: 'same', initializer: 'he' },
    },
    { kind: 'leakyRelu', settings: { slope: 0.2 } },
  ]).flat();
  const colour = channels === 3;
  // Twice DCGAN's rate helps with thousands of grey pictures, not with a few hundred in colour (measured on MNIST and emoji).
  const adam = AdamSettings.parse({ learningRate: colour ? 2e-4 : 4e-4, beta2: 0.99 });
  return Recipe.parse({
    version: RECIPE_VERSION,
    preset: `studio-${size}`,
    image: { size, channels },
    latent: { size: 64, distribution: 'normal' },
    model: { kind: 'gan' },
    classes: [],
    generator: upsamplingGenerator({ size, channels }),
    discriminator: named('d', [
      ...discriminator,
      { kind: 'flatten', settings: {} },
      { kind: 'dense', settings: { units: 1, useBias: true, initializer: 'he' } },
    ]),
    loss: { kind: 'hinge' },
    regularizer: { kind: 'r1', gamma: colour ? 0.1 : 1, every: 8 },
    augmentation: { flip: colour, translation: colour ? 0.125 : 0 },
    optimizers: { generator: adam, discriminator: adam },
    training: { batchSize: 16, steps: 10_000, rateDecay: 0.5, emaHalfLife: 10_000 },
  } satisfies RecipeInput);
}

/**
 * A convolutional VAE: the studio's generator as decoder, and an encoder that mirrors it with strided convolutions. Of the three reconstruction losses
 * cross-entropy gave the soundest samples after equally many pictures.
 */
function vae({ size, channels }: PresetOptions): Recipe {
  const latent = VAE_LATENT * (size / 32);
  const encoder = Array.from({ length: levelsOf(size) }, (_, level) => [
    {
      kind: 'conv2d',
      settings: { filters: depth(level), kernel: 4, stride: 2, padding: 'same', useBias: false, initializer: 'he' },
    },
    ...normed({ kind: 'leakyRelu', settings: { slope: 0.2 } }),
  ]).flat();
  const adam = AdamSettings.parse({ learningRate: 1e-3, beta1: 0.9 });
  return Recipe.parse({
    version: RECIPE_VERSION,
    preset: `vae-${size}`,
    image: { size, channels },
    latent: { size: latent, distribution: 'normal' },
    model: { kind: 'vae', reconstruction: 'bce' },
    generator: upsamplingGenerator({ size, channels }),
    encoder: named('e', [
      ...encoder,
      { kind: 'flatten', settings: {} },
      { kind: 'dense', settings: { units: 2 * latent } },
    ]),
    optimizers: { generator: adam, encoder: adam },
    training: { batchSize: 32, steps: 10_000, rateDecay: 0.5, emaHalfLife: 10_000 },
  } satisfies RecipeInput);
}

const vaePreset = (size: number): Preset => ({
  id: `vae-${size}`,
  title: `VAE ${size}×${size}`,
  summary: `A variational autoencoder for pictures of ${size}×${size} pixels: calm training, soft pictures, and a place in the latent space for each of yours.`,
  size,
  build: (channels) => vae({ size, channels }),
});

const studioPreset = (size: number): Preset => ({
  id: `studio-${size}`,
  title: `Studio ${size}×${size}`,
  summary: `The studio’s own recipe for pictures of ${size}×${size} pixels: hinge loss, R1, an averaged generator; slower a step, better pictures.`,
  size,
  build: (channels) => studio({ size, channels }),
});

const dcganPreset = (size: number): Preset => ({
  id: `dcgan-${size}`,
  title: `DCGAN ${size}×${size}`,
  summary: `The classic deep convolutional GAN for pictures of ${size}×${size} pixels.`,
  size,
  build: (channels) => dcgan({ size, channels }),
});

/** Every preset, smallest first; of a size, the one that is proposed first. */
export const presets: readonly Preset[] = [
  studioPreset(32),
  dcganPreset(32),
  vaePreset(32),
  studioPreset(64),
  dcganPreset(64),
  vaePreset(64),
];

/** A preset's recipe; `recipe.preset-unknown` lists what there is. */
export function presetRecipe(id: string, channels: 1 | 3): Recipe {
  const preset = presets.find((candidate) => candidate.id === id);
  if (!preset)
    return fail('recipe.preset-unknown', { preset: id, presets: presets.map((known) => known.id).join(', ') });
  return preset.build(channels);
}

/** Whether halving a picture of this side leads to the smallest map. */
function halves(size: number): boolean {
  const levels = Math.log2(size / SMALLEST_SIDE);
  return Number.isInteger(levels) && levels > 0;
}

const families = { dcgan, studio, vae };
type PresetFamily = keyof typeof families;

/** The family that a recipe began in. */
export function familyOf({ preset }: Pick<Recipe, 'preset'>): PresetFamily {
  const family = preset.replace(/-\d+$/, '');
  return Object.hasOwn(families, family) ? (family as PresetFamily) : 'dcgan';
}

/**
 * The recipe that an import proposes: of that very size where halving leads to 4×4, else of the largest size below it, to be adapted. The studio's own,
 * unless the project's recipe already is of another family.
 */
export function proposeRecipe({ size, channels }: PresetOptions, family: PresetFamily = 'studio'): Recipe {
  const below = presets.findLast((candidate) => candidate.size <= size)?.size ?? 32;
  return families[family]({ size: halves(size) ? size : below, channels });
}

/** Whether nobody has edited a recipe since it was proposed or taken as a preset. */
export function isUntouchedPreset(recipe: Recipe): boolean {
  const asText = (one: Recipe) => JSON.stringify(Recipe.parse(one));
  const proposed = proposeRecipe(recipe.image, familyOf(recipe));
  return asText(withClasses(proposed, recipe.classes)) === asText(recipe);
}

/**
 * A recipe with another model. The network beside the generator that the new model needs, where the recipe has none, is that of the model's family of
 * presets, for the same pictures and latents.
 */
export function withModel(recipe: Recipe, model: ModelSettings): Recipe {
  const changed: Recipe = { ...recipe, model };
  const [, beside] = networkNames(changed);
  if (layersOf(recipe, beside).length > 0) return changed;
  const proposed = layersOf(proposeRecipe(recipe.image, model.kind === 'vae' ? 'vae' : 'studio'), beside);
  const units = beside === 'encoder' ? 2 * recipe.latent.size : 1;
  const layers = proposed.map((layer, index) =>
    index === proposed.length - 1 ? { ...layer, settings: { ...layer.settings, units } } : layer,
  );
  return { ...changed, [beside]: layers };
}
