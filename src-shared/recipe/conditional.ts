import type { LayerNode, Recipe } from './recipe';

/** What a layer becomes where a recipe gets classes, or loses them. */
interface Replacement {
  readonly from: string;
  readonly to: string;
  readonly fits: (node: LayerNode, isLast: boolean) => boolean;
  readonly settings: (settings: LayerNode['settings']) => LayerNode['settings'];
}

type Networks = Pick<Recipe, 'generator' | 'discriminator'>;

const always = (): boolean => true;
const asTheyAre = (settings: LayerNode['settings']) => settings;
const HEAD_SETTINGS = ['useBias', 'initializer', 'initialDeviation', 'spectralNorm'];

const conditional: Readonly<Record<keyof Networks, Replacement>> = {
  generator: { from: 'batchNorm', to: 'conditionalBatchNorm', fits: always, settings: asTheyAre },
  discriminator: {
    from: 'dense',
    to: 'projectionHead',
    fits: ({ settings }, isLast) => isLast && settings['units'] === 1,
    settings: (settings) => Object.fromEntries(Object.entries(settings).filter(([key]) => HEAD_SETTINGS.includes(key))),
  },
};

const unconditional: Readonly<Record<keyof Networks, Replacement>> = {
  generator: { from: 'conditionalBatchNorm', to: 'batchNorm', fits: always, settings: asTheyAre },
  discriminator: {
    from: 'projectionHead',
    to: 'dense',
    fits: always,
    settings: (settings) => ({ units: 1, ...settings }),
  },
};

const EMBEDDING = 'classEmbedding';

/**
 * The recipe with networks that look at these classes: batch normalisation in G becomes conditional (without any, a class embedding joins the noise), and
 * D's last dense layer a projection head (Miyato and Koyama 2018). One that has classes already just gets the new names; a VAE stays as it is.
 */
export function withClasses(recipe: Recipe, classes: readonly string[]): Recipe {
  // A VAE has nobody who could check the class.
  if (recipe.model.kind !== 'gan') return recipe;
  if (classes.length === 0) return withoutClasses(recipe);
  if (recipe.classes.length > 0) return { ...recipe, classes: [...classes] };
  const normed = replaced(recipe.generator, conditional.generator);
  const embedding: LayerNode = { id: 'g0-classembedding', kind: EMBEDDING, settings: {} };
  return {
    ...recipe,
    classes: [...classes],
    generator: normed.some(({ kind }) => kind === 'conditionalBatchNorm') ? normed : [embedding, ...normed],
    discriminator: replaced(recipe.discriminator, conditional.discriminator),
  };
}

/** The inverse of {@link withClasses}: networks that look at no class. */
export function withoutClasses(recipe: Recipe): Recipe {
  return {
    ...recipe,
    classes: [],
    generator: replaced(withoutEmbeddings(recipe.generator), unconditional.generator),
    discriminator: replaced(withoutEmbeddings(recipe.discriminator), unconditional.discriminator),
  };
}

/** Layers of one kind as another; an id that says the kind says the new one. */
function replaced(nodes: readonly LayerNode[], { from, to, fits, settings }: Replacement): LayerNode[] {
  const ids = new Map<string, string>();
  const change = nodes.map((node, index) => node.kind === from && fits(node, index === nodes.length - 1));
  nodes.forEach(({ id }, index) => {
    const ending = `-${from.toLowerCase()}`;
    if (change[index] && id.endsWith(ending)) ids.set(id, `${id.slice(0, -ending.length)}-${to.toLowerCase()}`);
  });
  return nodes.map((node, index) => ({
    ...node,
    id: ids.get(node.id) ?? node.id,
    ...(change[index] && { kind: to, settings: settings(node.settings) }),
    ...(node.inputs && { inputs: node.inputs.map((name) => ids.get(name) ?? name) }),
  }));
}

/** Without class embeddings: whoever reads one reads what it read. */
function withoutEmbeddings(nodes: readonly LayerNode[]): LayerNode[] {
  const sources = new Map<string, string | undefined>();
  nodes.forEach(({ id, kind, inputs }, index) => {
    if (kind === EMBEDDING) sources.set(id, inputs?.[0] ?? nodes[index - 1]?.id);
  });
  return nodes.flatMap((node): LayerNode[] => {
    if (node.kind === EMBEDDING) return [];
    const { inputs, ...rest } = node;
    const named = inputs?.map((name) => sources.get(name) ?? name);
    return [named ? { ...rest, inputs: named } : rest];
  });
}
