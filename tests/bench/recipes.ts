import { checkRecipe } from '#shared/recipe/check';
import { byNetwork, networkNames, type NetworkName } from '#shared/recipe/model';
import { presetRecipe, proposeRecipe } from '#shared/recipe/presets';
import { AdamSettings } from '#shared/recipe/optimizer';
import { Recipe, RECIPE_VERSION, type LayerNode, type RecipeInput } from '#shared/recipe/recipe';
import { trialRecipe } from '../../src-main/engine/trial';

/** What is timed, by name: a recipe for pictures of a size, with `base` channels next to them. */
const families = { dcgan, residual, studio };
type Family = keyof typeof families;

export function benchRecipe(family: string, base: number, size: number): Recipe {
  if (!(family in families)) throw new Error(`${family} is not among ${Object.keys(families).join(', ')}`);
  return families[family as Family](base, size);
}

/** The DCGAN preset, with `base` instead of its 32 channels. */
function dcgan(base: number, size: number): Recipe {
  const recipe = presetRecipe(`dcgan-${size}`, 3);
  const scaled = (settings: Recipe['generator'][number]['settings']) =>
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => {
        const width = name === 'filters' || name === 'channels' || name === 'units';
        return [name, width && Number(value) > 3 ? (Number(value) * base) / 32 : value];
      }),
    );
  const wider = (layers: Recipe['generator']) =>
    layers.map((layer) => ({ ...layer, settings: scaled(layer.settings) }));
  return { ...recipe, generator: wider(recipe.generator), discriminator: wider(recipe.discriminator) };
}

/** The studio's own recipe for colour pictures as an import proposes it: hinge, lazy R1, translation, EMA. */
function studio(_base: number, size: number): Recipe {
  return presetRecipe(`studio-${size}`, 3);
}

/** Side of the smallest feature map, and the most channels of any. */
const SMALLEST_SIDE = 4;
const CHANNELS_MAX = 256;

/**
 * A residual GAN as in Miyato et al. 2018 (appendix B.4): G's blocks double the side by nearest-neighbour upsampling, D's halve it by
 * averaging, and what goes around each block is a 1×1 convolution. Without spectral normalisation, with hinge and lazy R1 instead.
 */
function residual(base: number, size: number): Recipe {
  const levels = Math.log2(size / SMALLEST_SIDE);
  const depths = Array.from({ length: levels }, (_, level) => Math.min(CHANNELS_MAX, base * 2 ** level));
  const deepest = depths.at(-1) ?? base;
  const generator: LayerNode[] = [
    node('dense', 'dense', { units: SMALLEST_SIDE ** 2 * deepest }),
    node('map', 'reshape', { height: SMALLEST_SIDE, width: SMALLEST_SIDE, channels: deepest }),
  ];
  depths
    .toReversed()
    .forEach((filters, block) => generator.push(...upBlock(`g${block + 1}`, last(generator), filters)));
  generator.push(
    node('norm', 'batchNorm'),
    node('relu', 'relu'),
    node('pictures', 'conv2d', { filters: 3, kernel: 3, stride: 1 }),
    node('range', 'tanh'),
  );
  const discriminator: LayerNode[] = [...firstDownBlock('d1', base)];
  depths
    .slice(1)
    .forEach((filters, block) => discriminator.push(...downBlock(`d${block + 2}`, last(discriminator), filters)));
  discriminator.push(
    node('leaky', 'leakyRelu'),
    node('flat', 'flatten'),
    node('verdict', 'dense', { units: 1, ...he }),
  );
  const adam = AdamSettings.parse({ beta2: 0.99 });
  return Recipe.parse({
    version: RECIPE_VERSION,
    preset: 'residual',
    image: { size, channels: 3 },
    model: { kind: 'gan' },
    latent: { size: 64, distribution: 'normal' },
    classes: [],
    generator,
    discriminator,
    loss: { kind: 'hinge' },
    regularizer: { kind: 'r1', gamma: 0.1, every: 8 },
    optimizers: { generator: adam, discriminator: adam },
    training: { batchSize: 16, steps: 1000 },
  } satisfies RecipeInput);
}

const he = { initializer: 'he' };

function node(id: string, kind: string, settings: LayerNode['settings'] = {}, ...inputs: string[]): LayerNode {
  return inputs.length > 0 ? { id, kind, settings, inputs } : { id, kind, settings };
}

const last = (layers: readonly LayerNode[]): string => layers.at(-1)?.id ?? '';

const convolution = (id: string, kernel: number, filters: number, ...inputs: string[]): LayerNode =>
  node(id, 'conv2d', { filters, kernel, stride: 1, ...he }, ...inputs);

/** Before batch normalisation, which takes any bias away again. */
const unbiased = (layer: LayerNode): LayerNode => ({ ...layer, settings: { ...layer.settings, useBias: false } });

/** Behind layer `before`: `[N, H, W, C] → [N, 2·H, 2·W, filters]`. */
const upBlock = (name: string, before: string, filters: number): LayerNode[] => [
  node(`${name}-norm`, 'batchNorm'),
  node(`${name}-relu`, 'relu'),
  node(`${name}-up`, 'upsample'),
  unbiased(convolution(`${name}-conv`, 3, filters)),
  node(`${name}-norm2`, 'batchNorm'),
  node(`${name}-relu2`, 'relu'),
  convolution(`${name}-conv2`, 3, filters),
  node(`${name}-around`, 'upsample', {}, before),
  convolution(`${name}-around-conv`, 1, filters),
  node(`${name}-sum`, 'residualAdd', {}, `${name}-conv2`, `${name}-around-conv`),
];

/** `[N, H, W, C] → [N, H/2, W/2, filters]`. */
const downBlock = (name: string, before: string, filters: number): LayerNode[] => [
  node(`${name}-leaky`, 'leakyRelu', {}, before),
  convolution(`${name}-conv`, 3, filters),
  node(`${name}-leaky2`, 'leakyRelu'),
  convolution(`${name}-conv2`, 3, filters),
  node(`${name}-pool`, 'averagePool'),
  convolution(`${name}-around-conv`, 1, filters, before),
  node(`${name}-around`, 'averagePool'),
  node(`${name}-sum`, 'residualAdd', {}, `${name}-pool`, `${name}-around`),
];

/** The block at the pictures, which are not bent before they are looked at; a 1×1 convolution gives them the filters, then both ways part. */
const firstDownBlock = (name: string, filters: number): LayerNode[] => [
  convolution(`${name}-colours`, 1, filters),
  convolution(`${name}-conv`, 3, filters),
  node(`${name}-leaky`, 'leakyRelu'),
  convolution(`${name}-conv2`, 3, filters),
  node(`${name}-pool`, 'averagePool'),
  node(`${name}-around`, 'averagePool', {}, `${name}-colours`),
  node(`${name}-sum`, 'residualAdd', {}, `${name}-pool`, `${name}-around`),
];

/**
 * A recipe whose memory is measured, and its batch: `studio-64/16`, with `x4` behind it in four micro-batches, with `+gp` under a gradient penalty; or
 * `dcgan/64/16/32` as in the benchmark (recipe, channels, batch, side).
 */
export function memoryCase(text: string): { readonly recipe: Recipe; readonly batch: number } {
  const parts = text.split('/');
  if (parts[0] === 'tiny') return { recipe: trialRecipe(), batch: 4 };
  if (parts.length === 4) {
    const [family = '', base, batch, size] = parts;
    return { recipe: benchRecipe(family, Number(base), Number(size)), batch: Number(batch) };
  }
  const [, family, size, batch, micro, penalty] =
    /^(studio|dcgan|vae)-(\d+)\/(\d+)(?:x(\d+))?(\+gp)?$/.exec(text) ?? [];
  const proposed = proposeRecipe({ size: Number(size), channels: 3 }, family as 'studio' | 'dcgan' | 'vae');
  const recipe = Recipe.parse({
    ...proposed,
    ...(penalty && { loss: { kind: 'wasserstein' }, regularizer: { kind: 'gradientPenalty' } }),
    training: { ...proposed.training, ...(micro && { microBatches: Number(micro) }) },
  });
  return { recipe, batch: Number(batch) };
}

/** The recipe with every setting filled in, as ganvas_torch.py reads it. */
export function torchRecipe(recipe: Recipe) {
  const checked = checkRecipe(recipe);
  const layers = (name: NetworkName) => checked[name]?.layers.map(({ node, settings }) => ({ ...node, settings }));
  return { ...recipe, ...byNetwork(networkNames(recipe), layers) };
}
