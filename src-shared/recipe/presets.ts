import { fail } from '../contract/errors';
import { AugmentationSettings } from './augmentation';
import { TrainingSettings } from './training';
import { AdamSettings, Recipe, RECIPE_VERSION, type LayerNode } from './recipe';

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
  return {
    version: RECIPE_VERSION,
    preset: `dcgan-${size}`,
    image: { size, channels },
    latent: { size: 100, distribution: 'normal' },
    generator: named('g', generator),
    discriminator: named('d', discriminator),
    loss: { kind: 'bceNonSaturating', labelSmoothing: 0 },
    optimizers: { generator: AdamSettings.parse({}), discriminator: AdamSettings.parse({}) },
    regularizer: { kind: 'none' },
    augmentation: AugmentationSettings.parse({}),
    training: TrainingSettings.parse({ batchSize: 16, steps: 5000 }),
  };
}

const dcganPreset = (size: number): Preset => ({
  id: `dcgan-${size}`,
  title: `DCGAN ${size}×${size}`,
  summary: `The classic deep convolutional GAN for pictures of ${size}×${size} pixels.`,
  size,
  build: (channels) => dcgan({ size, channels }),
});

/** Every preset, smallest first. */
export const presets: readonly Preset[] = [dcganPreset(32), dcganPreset(64)];

/** A preset's recipe; `recipe.preset-unknown` lists what there is. */
export function presetRecipe(id: string, channels: 1 | 3): Recipe {
  const preset = presets.find((candidate) => candidate.id === id);
  if (!preset)
    return fail('recipe.preset-unknown', { preset: id, presets: presets.map((known) => known.id).join(', ') });
  return preset.build(channels);
}

/** The recipe that an import proposes: a DCGAN of that very size where halving leads to 4×4, else the largest preset below it, to be adapted. */
export function proposeRecipe({ size, channels }: PresetOptions): Recipe {
  const levels = Math.log2(size / SMALLEST_SIDE);
  if (Number.isInteger(levels) && levels > 0) return dcgan({ size, channels });
  const preset = presets.findLast((candidate) => candidate.size <= size) ?? presets[0];
  return presetRecipe(preset?.id ?? 'dcgan-32', channels);
}

/** Whether nobody has edited a recipe since it was proposed. */
export function isUntouchedPreset(recipe: Recipe): boolean {
  return JSON.stringify(Recipe.parse(recipe)) === JSON.stringify(Recipe.parse(proposeRecipe(recipe.image)));
}
