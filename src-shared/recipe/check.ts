import { describeShape, LayerMisfit, shapeSize, type Shape, type WeightSpec } from './layerKind';
import { layerKinds } from './layerRegistry';
import type { LayerNode, Recipe } from './recipe';

/** What is wrong, at which layer, and what would mend it. */
export interface RecipeProblem {
  readonly network: 'generator' | 'discriminator';
  /** The layer's id, or undefined where the network as a whole is meant (it has no layers). */
  readonly layer: string | undefined;
  readonly problem: string;
  readonly fix: string;
}

export interface CheckedLayer {
  readonly node: LayerNode;
  readonly title: string;
  /** Undefined from the first layer on that does not fit. */
  readonly input: Shape | undefined;
  readonly output: Shape | undefined;
  /** The settings with defaults filled in; undefined when they are not valid. */
  readonly settings: unknown;
  readonly weights: Readonly<Record<string, WeightSpec>>;
  /** Numbers learned by this layer (running statistics not counted). */
  readonly parameters: number;
  readonly problem: RecipeProblem | undefined;
}

export interface CheckedNetwork {
  readonly layers: readonly CheckedLayer[];
  readonly parameters: number;
}

export interface CheckedRecipe {
  readonly generator: CheckedNetwork;
  readonly discriminator: CheckedNetwork;
  /** Empty when the recipe can be trained. */
  readonly problems: readonly RecipeProblem[];
}

type NetworkName = RecipeProblem['network'];

function checkLayer(network: NetworkName, node: LayerNode, input: Shape | undefined): CheckedLayer {
  const broken = (problem: string, fix: string, settings?: unknown): CheckedLayer => ({
    node,
    title: layerKinds.get(node.kind)?.title ?? node.kind,
    input,
    output: undefined,
    settings,
    weights: {},
    parameters: 0,
    problem: { network, layer: node.id, problem, fix },
  });
  const kind = layerKinds.get(node.kind);
  if (!kind) return broken(`There is no layer called “${node.kind}”`, 'Remove it, or take another kind');
  const parsed = kind.settings.safeParse(node.settings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return broken(
      `${kind.title}: ${issue?.path.join('.') || 'setting'} is not valid (${issue?.message})`,
      'Change this setting',
    );
  }
  const settings = parsed.data;
  // Behind a break nothing is known, and one problem is enough to read.
  const unknown = {
    node,
    title: kind.title,
    input,
    output: undefined,
    settings,
    weights: {},
    parameters: 0,
    problem: undefined,
  };
  if (!input) return unknown;
  try {
    const output = kind.outputShape(input, settings);
    const weights = kind.weights(input, settings);
    const trained = Object.values(weights).filter(({ role }) => role === 'trained');
    const parameters = trained.reduce((sum, { shape }) => sum + shapeSize(shape), 0);
    return { node, title: kind.title, input, output, settings, weights, parameters, problem: undefined };
  } catch (error) {
    if (!(error instanceof LayerMisfit)) throw error;
    return broken(error.problem, error.fix, settings);
  }
}

function checkNetwork(
  network: NetworkName,
  nodes: readonly LayerNode[],
  input: Shape,
  wanted: Shape,
  wantedInWords: string,
): { readonly checked: CheckedNetwork; readonly problems: readonly RecipeProblem[] } {
  const layers: CheckedLayer[] = [];
  let shape: Shape | undefined = input;
  for (const node of nodes) {
    const layer = checkLayer(network, node, shape);
    layers.push(layer);
    shape = layer.output;
  }
  const last = layers.at(-1);
  if (!last) {
    const problem = {
      network,
      layer: undefined,
      problem: `The ${network} has no layers`,
      fix: 'Add a layer, or take a preset',
    };
    return { checked: { layers, parameters: 0 }, problems: [problem] };
  }
  if (shape && describeShape(shape) !== describeShape(wanted)) {
    const problem = {
      network,
      layer: last.node.id,
      problem: `The ${network} ends with ${describeShape(shape)}, but ${wantedInWords}`,
      fix: `Change the last layers so that ${describeShape(wanted)} comes out`,
    };
    layers[layers.length - 1] = { ...last, problem };
  }
  const twice = nodes.find((node, index) => nodes.findIndex(({ id }) => id === node.id) !== index);
  const problems = layers.flatMap(({ problem }) => problem ?? []);
  if (twice) {
    problems.push({
      network,
      layer: twice.id,
      problem: `Two layers are called “${twice.id}”`,
      fix: 'Give one another name',
    });
  }
  return { checked: { layers, parameters: layers.reduce((sum, { parameters }) => sum + parameters, 0) }, problems };
}

/** Shapes, parameters and problems of both networks of a recipe: pure, so the editor calls it on each change. */
export function checkRecipe(recipe: Recipe): CheckedRecipe {
  const { size, channels } = recipe.image;
  const picture = [size, size, channels];
  const generator = checkNetwork(
    'generator',
    recipe.generator,
    [recipe.latent.size],
    picture,
    `the pictures are ${describeShape(picture)}`,
  );
  const discriminator = checkNetwork('discriminator', recipe.discriminator, picture, [1], 'a verdict is one number');
  return {
    generator: generator.checked,
    discriminator: discriminator.checked,
    problems: [...generator.problems, ...discriminator.problems],
  };
}
