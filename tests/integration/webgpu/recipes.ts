import { withClasses } from '#shared/recipe/conditional';
import { layerKinds } from '#shared/recipe/layerRegistry';
import { reconstructionIds } from '#shared/recipe/model';
import { presetRecipe } from '#shared/recipe/presets';
import { Recipe, type LayerNode, type RecipeInput } from '#shared/recipe/recipe';
import { changes } from '../../../src-main/engine/testing/changes';
import { trialRecipe } from '../../../src-main/engine/trial';
import { layersRecipe } from './layerRecipes';

const trial = trialRecipe();
const CLASSES = ['cup', 'bowl', 'vase'];

/** Looked at closely: what is fetched in a step, and the average of G. */
export const recipes: Readonly<Record<string, () => Recipe>> = {
  'dcgan-32': () => presetRecipe('dcgan-32', 3),
  /** With R1 now and then, an If of the model, and an average of G. */
  'studio-32': () => presetRecipe('studio-32', 3),
  'gradient penalty, two updates of D': () =>
    Recipe.parse({
      ...trial,
      loss: { kind: 'wasserstein' },
      regularizer: { kind: 'gradientPenalty' },
      augmentation: { flip: true, translation: 0.125 },
      training: { ...trial.training, discriminatorSteps: 2, emaHalfLife: 100 },
    }),
};

const layer = (id: string, kind: string, settings: LayerNode['settings'] = {}): LayerNode => ({ id, kind, settings });
const spread = { initialDeviation: 0.2 };

/** Networks of a few operators: most of a recipe's time goes into compiling each operator for the software's GPU. */
const small: RecipeInput = {
  ...trial,
  generator: [
    layer('g1-dense', 'dense', { units: 16 * 16 * 3, ...spread }),
    layer('g2-reshape', 'reshape', { height: 16, width: 16, channels: 3 }),
    layer('g3-tanh', 'tanh'),
  ],
  discriminator: [
    layer('d1-conv', 'conv2d', { filters: 4, ...spread }),
    layer('d2-leaky', 'leakyRelu'),
    layer('d3-flatten', 'flatten'),
    layer('d4-dense', 'dense', { units: 1, ...spread }),
  ],
};
const normed = [
  ...small.generator.slice(0, 1),
  layer('g1-batchnorm', 'batchNorm'),
  layer('g1-relu', 'relu'),
  layer('g1-wide', 'dense', { units: 16 * 16 * 3, ...spread }),
  ...small.generator.slice(1),
];
const encoder = [...(small.discriminator ?? []).slice(0, -1), layer('e4-dense', 'dense', { units: 16, ...spread })];
const vae = (reconstruction: string): RecipeInput =>
  ({ ...small, model: { kind: 'vae', reconstruction }, encoder, discriminator: [] }) as RecipeInput;

/** The losses and penalties that those lack, some in conditional networks; and what a VAE compares pictures by. */
export const lossRecipes: Readonly<Record<string, () => Recipe>> = {
  'minimax with R1': () =>
    Recipe.parse({ ...small, loss: { kind: 'bceMinimax' }, regularizer: { kind: 'r1', every: 2 } }),
  'least squares with R2, class embedding': () =>
    withClasses(Recipe.parse({ ...small, loss: { kind: 'lsgan' }, regularizer: { kind: 'r2', every: 1 } }), CLASSES),
  'hinge with R1 and R2, conditional batch normalisation': () =>
    withClasses(
      Recipe.parse({
        ...small,
        generator: normed,
        loss: { kind: 'hinge' },
        regularizer: { kind: 'r1r2', every: 1 },
      }),
      CLASSES,
    ),
  'relativistic, zero-centred': () =>
    Recipe.parse({ ...small, loss: { kind: 'relativistic' }, regularizer: { kind: 'zeroCentred' } }),
  ...Object.fromEntries(reconstructionIds.map((kind) => [`VAE compared by ${kind}`, () => Recipe.parse(vae(kind))])),
};

/** What of agreement.test.ts's changes is walked, several at once, none of which the next undoes. */
const changed: Readonly<Record<string, readonly string[]>> = {
  'all of it together': ['all of it together'],
  'RMSprop with momentum, clipped by length, cutout, label noise, consistency': [
    ...['an optimiser with momentum', 'gradients clipped by length', 'cutout', 'label noise', 'the consistency real'],
  ],
  'Nesterov, clipped by value, micro-batches, other colours, instance noise that ends': [
    ...[
      'Nesterov’s momentum',
      'gradients clipped by value',
      'micro-batches',
      'other colours',
      'instance noise that ends',
    ],
  ],
  'gradient descent without momentum, adaptive augmentation': ['an optimiser without any', 'every change, adaptive'],
};

export const changedRecipes: Readonly<Record<string, () => Recipe>> = Object.fromEntries(
  Object.entries(changed).map(([name, parts]) => [
    name,
    () =>
      faster(parts.reduce((recipe, part) => Recipe.parse({ ...recipe, ...changeCalled(part) }), Recipe.parse(small))),
  ]),
);

/** Plain gradient descent goes nowhere in a few steps, least of all with its gradient clipped. */
function faster(recipe: Recipe): Recipe {
  const { generator, discriminator } = recipe.optimizers;
  const hurried = <Settings extends { readonly kind: string }>(settings: Settings): Settings =>
    settings.kind === 'sgd' ? { ...settings, learningRate: 0.5 } : settings;
  return { ...recipe, optimizers: { generator: hurried(generator), discriminator: hurried(discriminator) } };
}

const changeCalled = (name: string): Partial<Recipe> => changes.find(([known]) => known === name)?.[1] ?? unknown(name);

/** What is tried in other forms: few operators, but convolutions in both directions and their gradients, once and twice. */
export const FORMED = 'the trial, with R1 now and then';
/** The same with a D that mixes no pictures, so that it may look at reals and fakes in one pass. */
export const UNMIXED = 'the trial without batch norm in D, with R1 now and then';
const formed = (): Recipe => Recipe.parse({ ...trialRecipe(2), ...changeCalled('a penalty every other time') });
const formedRecipes: Readonly<Record<string, () => Recipe>> = {
  [FORMED]: formed,
  [UNMIXED]: () => {
    const recipe = formed();
    return { ...recipe, discriminator: recipe.discriminator.filter(({ kind }) => kind !== 'batchNorm') };
  },
};

/** The recipe of a name: one of these, or kinds of layers joined by `+`. */
export function recipeNamed(name: string): Recipe {
  const recipe = { ...recipes, ...lossRecipes, ...changedRecipes, ...formedRecipes }[name];
  return recipe ? recipe() : layersRecipe(name.split('+').map((id) => layerKinds.get(id) ?? unknown(id)));
}

function unknown(id: string): never {
  throw new Error(`there is no recipe, change or layer called ${id}`);
}
