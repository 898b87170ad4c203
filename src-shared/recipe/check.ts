import {
  describeShape,
  LayerMisfit,
  shapesOf,
  shapeSize,
  type NoiseSpec,
  type Shape,
  type WeightSpec,
} from './layerKind';
import { layerKinds } from './layerRegistry';
import { byNetwork, networkNames, type ByNetwork, type NetworkName } from './model';
import { layersOf, type LayerNode, type Recipe } from './recipe';
import { tooLarge } from './networkSize';
import { unusedSettings } from './unused';
import { NETWORK_INPUT, unusedLayers, wiringOf, type Wiring } from './wiring';

/** What is wrong, at which layer, and what would mend it. */
export interface RecipeProblem {
  readonly network: NetworkName;
  /** The layer's id, or undefined where the network as a whole is meant (it has no layers, or none that looks at the classes). */
  readonly layer: string | undefined;
  readonly problem: string;
  readonly fix: string;
}

export interface CheckedLayer {
  readonly node: LayerNode;
  readonly title: string;
  /** Numbers of the layers whose outputs it takes; −1 is the network's input. */
  readonly sources: readonly number[];
  /** The first input's shape. Undefined behind a layer that does not fit. */
  readonly input: Shape | undefined;
  readonly output: Shape | undefined;
  /** The settings with defaults filled in; undefined when they are not valid. */
  readonly settings: unknown;
  readonly weights: Readonly<Record<string, WeightSpec>>;
  /** Random numbers that it takes in training; undefined for most. */
  readonly noise: NoiseSpec | undefined;
  /** Numbers learned by this layer (running statistics not counted). */
  readonly parameters: number;
  readonly problem: RecipeProblem | undefined;
}

export interface CheckedNetwork {
  readonly layers: readonly CheckedLayer[];
  readonly parameters: number;
}

/** The networks that the recipe's model trains, checked. */
export type CheckedRecipe = ByNetwork<CheckedNetwork> & {
  /** Empty when the recipe can be trained. */
  readonly problems: readonly RecipeProblem[];
  /** Sentences about what trains, but perhaps otherwise than was meant. */
  readonly warnings: readonly string[];
};

function checkLayer(
  network: NetworkName,
  node: LayerNode,
  wiring: Wiring,
  inputs: readonly (Shape | undefined)[],
  classes: number,
): CheckedLayer {
  const kind = layerKinds.get(node.kind);
  // Behind a break nothing is known, and one problem is enough to read.
  const unknown: CheckedLayer = {
    node,
    title: kind?.title ?? node.kind,
    sources: wiring.sources,
    input: inputs[0],
    output: undefined,
    settings: undefined,
    weights: {},
    noise: undefined,
    parameters: 0,
    problem: undefined,
  };
  const broken = (problem: string, fix: string, settings?: unknown): CheckedLayer => ({
    ...unknown,
    settings,
    problem: { network, layer: node.id, problem, fix },
  });
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
  if ('problem' in wiring) return broken(`${kind.title}: ${wiring.problem}`, wiring.fix, settings);
  if (kind.onlyIn && kind.onlyIn !== network) {
    return broken(`${kind.title} belongs into a ${kind.onlyIn}`, 'Remove it here', settings);
  }
  // Pictures are encoded also where nobody knows their class.
  if (kind.conditional && network === 'encoder') {
    return broken(`${kind.title} belongs into a generator or a discriminator`, 'Remove it here', settings);
  }
  const known = inputs.filter((input) => input !== undefined);
  if (known.length < inputs.length) return { ...unknown, settings };
  try {
    const { output, weights, noise } = shapesOf(kind, known, settings, classes);
    const trained = Object.values(weights).filter(({ role }) => role === 'trained');
    const parameters = trained.reduce((sum, { shape }) => sum + shapeSize(shape), 0);
    return { ...unknown, output, settings, weights, noise, parameters };
  } catch (error) {
    if (!(error instanceof LayerMisfit)) throw error;
    return broken(error.problem, error.fix, settings);
  }
}

/** A layer that nothing takes up is a mistake in the wiring; where something is broken anyway, that is said first. */
function markUnused(network: NetworkName, layers: CheckedLayer[]): void {
  if (layers.some(({ problem }) => problem)) return;
  for (const index of unusedLayers(layers.map(({ sources }) => sources))) {
    const layer = layers[index];
    if (!layer) continue;
    const problem = {
      network,
      layer: layer.node.id,
      problem: `No layer takes the output of “${layer.node.id}”`,
      fix: 'Make it an input of a later layer, or remove it',
    };
    layers[index] = { ...layer, problem };
  }
}

function checkNetwork(
  network: NetworkName,
  recipe: Recipe,
  input: Shape,
  wanted: Shape,
  wantedInWords: string,
): { readonly checked: CheckedNetwork; readonly problems: readonly RecipeProblem[] } {
  const nodes = layersOf(recipe, network);
  const { classes } = recipe;
  const layers: CheckedLayer[] = [];
  for (const [index, node] of nodes.entries()) {
    const wiring = wiringOf(nodes, index);
    const inputs = wiring.sources.map((source) => (source === NETWORK_INPUT ? input : layers[source]?.output));
    layers.push(checkLayer(network, node, wiring, inputs, classes.length));
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
  const end = last.output;
  if (end && describeShape(end) !== describeShape(wanted)) {
    const problem = {
      network,
      layer: last.node.id,
      problem: `The ${network} ends with ${describeShape(end)}, but ${wantedInWords}`,
      fix: `Change the last layers so that ${describeShape(wanted)} comes out`,
    };
    layers[layers.length - 1] = { ...last, problem };
  }
  const oversized = tooLarge(network, layers);
  if (oversized) layers[oversized.index] = { ...oversized.layer, problem: oversized.problem };
  markUnused(network, layers);
  const twice = nodes.find((node, index) => nodes.findIndex(({ id }) => id === node.id) !== index);
  const problems = layers.flatMap(({ problem }) => problem ?? []);
  const mustLook = classes.length > 0 && network !== 'encoder';
  if (problems.length === 0 && mustLook && !nodes.some(({ kind }) => layerKinds.get(kind)?.conditional)) {
    problems.push({
      network,
      layer: undefined,
      problem: `The recipe has classes, but no layer of the ${network} looks at them`,
      fix: `Add ${network === 'generator' ? 'Conditional batch normalisation or a Class embedding' : 'a Projection head at the end'}, or leave the classes out`,
    });
  }
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

/** What goes into a network, and what must come out, as the user is told it. */
interface Ends {
  readonly input: Shape;
  readonly output: Shape;
  readonly outputInWords: string;
}

export function endsOf({ image: { size, channels }, latent }: Recipe, network: NetworkName): Ends {
  const picture = [size, size, channels];
  switch (network) {
    case 'generator':
      return { input: [latent.size], output: picture, outputInWords: `the pictures are ${describeShape(picture)}` };
    case 'discriminator':
      return { input: picture, output: [1], outputInWords: 'a verdict is one number' };
    case 'encoder':
      return {
        input: picture,
        output: [2 * latent.size],
        outputInWords: `a mean and a log-variance for each of ${describeShape([latent.size])} are ${2 * latent.size}`,
      };
  }
}

/** What the model as a whole asks of its recipe. */
function checkModel({ model, latent, generator }: Recipe): RecipeProblem[] {
  if (model.kind !== 'vae') return [];
  const problems: RecipeProblem[] = [];
  const last = generator.at(-1);
  if (latent.distribution !== 'normal') {
    problems.push({
      network: 'encoder',
      layer: undefined,
      problem: 'A VAE’s latent numbers are drawn from the normal distribution, but the recipe says uniform',
      fix: 'Set the latent distribution to normal',
    });
  }
  if (model.reconstruction === 'bce' && last && last.kind !== 'tanh') {
    problems.push({
      network: 'generator',
      layer: last.id,
      problem: 'Cross-entropy reads the numbers before a final tanh, and the generator does not end with one',
      fix: 'End the generator with tanh, or compare by squared error',
    });
  }
  return problems;
}

function warningsOf(recipe: Recipe): string[] {
  const unused = unusedSettings(recipe);
  if (unused.length === 0) return [];
  return [
    `A VAE has no discriminator, so what is set for one is kept for a GAN and has no effect: ${unused.join(', ')}.`,
  ];
}

/** Shapes, parameters and problems of the networks that a recipe trains: pure, so the editor calls it on each change. */
export function checkRecipe(recipe: Recipe): CheckedRecipe {
  const problems: RecipeProblem[] = [];
  const networks = byNetwork(networkNames(recipe), (name) => {
    const { input, output, outputInWords } = endsOf(recipe, name);
    const result = checkNetwork(name, recipe, input, output, outputInWords);
    problems.push(...result.problems);
    return result.checked;
  });
  return { ...networks, problems: [...problems, ...checkModel(recipe)], warnings: warningsOf(recipe) };
}
