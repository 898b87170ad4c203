import { fail } from '#shared/contract/errors';
import { orthogonalise } from '#shared/math/orthogonal';
import { fillRandom, streams } from '#shared/math/random';
import { checkRecipe, type CheckedNetwork } from '#shared/recipe/check';
import {
  applyLayer,
  shapeSize,
  type LayerKind,
  type NoiseSpec,
  type Shape,
  type Tf,
  type WeightSpec,
} from '#shared/recipe/layerKind';
import { layerKinds } from '#shared/recipe/layerRegistry';
import { byNetwork, networkNames, type ByNetwork, type NetworkName } from '#shared/recipe/model';
import type { Recipe } from '#shared/recipe/recipe';
import { NETWORK_INPUT } from '#shared/recipe/wiring';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { foldsOf, type Fold } from './fold';
import type { NetworkState, TrainingState } from './state';

/** How D looks at an update's reals and fakes: in a pass each, or in one as one batch of both. Where both are possible their numbers are the same. */
export type Judging = 'apart' | 'together';

/** One weight's place in its network's flat vector. */
interface WeightSlot {
  /** Layer id and weight name: `g1-dense/kernel`. */
  readonly name: string;
  readonly weight: string;
  readonly shape: Shape;
  readonly size: number;
  readonly offset: number;
  readonly init: WeightSpec['init'];
}

/** A flat vector's contents. */
export interface Layout {
  readonly slots: readonly WeightSlot[];
  readonly size: number;
}

interface NetworkLayer {
  readonly kind: LayerKind;
  readonly settings: unknown;
  /** Numbers of the layers whose outputs it takes; −1 is the network's input. */
  readonly sources: readonly number[];
  /** Slots of this layer by weight name, as indices into the network's layouts. */
  readonly trained: Readonly<Record<string, number>>;
  readonly running: Readonly<Record<string, number>>;
  /** Its place among the network's noises, if it takes one. */
  readonly noise: number | undefined;
  /** How it is computed together with the layer that it reads, from that one's source. */
  readonly fold: Fold | undefined;
}

/** A network ready to be computed: its layers, and where each weight lies in the flat vectors. */
export interface Network {
  readonly name: NetworkName;
  /** Shape of its input without the batch: `[latent]` or `[H, W, C]`. */
  readonly input: Shape;
  readonly layers: readonly NetworkLayer[];
  readonly trained: Layout;
  readonly running: Layout;
  /** What its layers draw in a training pass, in the order of the layers. */
  readonly noises: readonly NoiseSpec[];
}

/** A recipe's networks, whichever model they make; and how D looks at reals and fakes: apart unless told. */
export type Networks = ByNetwork<Network> & { readonly recipe: Recipe; readonly judging?: Judging };

/** The networks of a recipe whose model is a GAN. */
export type Gan = Networks & { readonly discriminator: Network };

/** The networks of a recipe. Fails with `recipe.misfit` when they do not fit together. */
export function buildNetworks(recipe: Recipe): Networks {
  const checked = checkRecipe(recipe);
  const [problem] = checked.problems;
  if (problem) fail('recipe.misfit', { problem: problem.problem });
  const { size, channels } = recipe.image;
  const picture = [size, size, channels];
  const build = (name: NetworkName, input: Shape) => {
    const network = buildNetwork(name, input, checked[name] ?? fail('recipe.misfit', { problem: `It has no ${name}` }));
    if (network.trained.size === 0) fail('recipe.misfit', { problem: `The ${name} has nothing to learn` });
    return network;
  };
  const [, beside] = networkNames(recipe);
  return { recipe, generator: build('generator', [recipe.latent.size]), [beside]: build(beside, picture) };
}

/** The networks of a recipe that is known to be a GAN's. */
export function buildGan(recipe: Recipe): Gan {
  return asGan(buildNetworks(recipe));
}

/** The networks of a recipe whose model is a VAE. */
export type Vae = Networks & { readonly encoder: Network };

export function asGan(networks: Networks): Gan {
  const { discriminator } = networks;
  if (!discriminator) throw new Error('a GAN has a discriminator');
  return { ...networks, discriminator };
}

export function asVae(networks: Networks): Vae {
  const { encoder } = networks;
  if (!encoder) throw new Error('a VAE has an encoder');
  return { ...networks, encoder };
}

/** The networks in the order in which their state lies in streams and files: the generator first. */
export function listNetworks({ generator, discriminator, encoder }: Networks): readonly Network[] {
  return [generator, discriminator, encoder].filter((network) => network !== undefined);
}

function buildNetwork(name: Network['name'], input: Shape, checked: CheckedNetwork): Network {
  const slots = { trained: [] as WeightSlot[], running: [] as WeightSlot[] };
  const sizes = { trained: 0, running: 0 };
  const noises: NoiseSpec[] = [];
  const folds = foldsOf(checked.layers);
  const layers = checked.layers.map(({ node, settings, sources, weights, noise }, index): NetworkLayer => {
    const kind = layerKinds.get(node.kind);
    if (!kind) return fail('recipe.misfit', { problem: `There is no layer called “${node.kind}”` });
    const places = { trained: {} as Record<string, number>, running: {} as Record<string, number> };
    for (const [weight, { shape, init, role }] of Object.entries(weights)) {
      const size = shapeSize(shape);
      places[role][weight] = slots[role].length;
      slots[role].push({ name: `${node.id}/${weight}`, weight, shape, size, offset: sizes[role], init });
      sizes[role] += size;
    }
    const noisePlace = noise && noises.push(noise) - 1;
    return { kind, settings, sources, ...places, noise: noisePlace, fold: folds[index] };
  });
  return {
    name,
    input,
    layers,
    trained: { slots: slots.trained, size: sizes.trained },
    running: { slots: slots.running, size: sizes.running },
    noises,
  };
}

/** The state before the first step: weights drawn from the seed, moments zero. The same seed gives the same bits everywhere. */
export function initialState(recipe: Recipe, seed: number): TrainingState {
  const networks = listNetworks(buildNetworks(recipe));
  // One behind the other in the stream, so that no number is drawn twice.
  let offset = 0;
  const draw = (layout: Layout): Float32Array => {
    const vector = initialVector(layout, seed, offset);
    offset += layout.size;
    return vector;
  };
  const weights = networks.map(({ trained }) => draw(trained));
  const running = networks.map((network) => draw(network.running));
  const names = networks.map(({ name }) => name);
  const states = byNetwork(names, (name): NetworkState => {
    const own = weights[names.indexOf(name)] as Float32Array;
    return {
      weights: own,
      firstMoment: new Float32Array(own.length),
      secondMoment: new Float32Array(own.length),
      running: running[names.indexOf(name)] as Float32Array,
    };
  });
  return { ...states, step: 0 };
}

function initialVector({ slots, size }: Layout, seed: number, streamOffset: number): Float32Array {
  const vector = new Float32Array(size);
  for (const slot of slots) {
    const view = vector.subarray(slot.offset, slot.offset + slot.size);
    switch (slot.init.kind) {
      case 'zeros':
        break;
      case 'ones':
        view.fill(1);
        break;
      case 'uniform': {
        fillRandom(view, 'uniform', seed, streams.weights, streamOffset + slot.offset);
        const { limit } = slot.init;
        view.forEach((value, index) => (view[index] = limit * value));
        break;
      }
      case 'normal': {
        // Each weight takes the numbers of its own place in the stream, whatever the initialisers before it needed.
        fillRandom(view, 'normal', seed, streams.weights, streamOffset + slot.offset);
        const { mean, deviation } = slot.init;
        view.forEach((value, index) => (view[index] = mean + deviation * value));
        break;
      }
      case 'orthogonal':
        fillRandom(view, 'normal', seed, streams.weights, streamOffset + slot.offset);
        orthogonalise(view, slot.shape.at(-1) ?? 1);
    }
  }
  return vector;
}

/** A named part of a flat vector; `data` shares the vector's memory. */
export interface NamedView {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** The weights of a flat vector by name, without copying. */
export function namedViews({ slots }: Layout, vector: Float32Array): NamedView[] {
  return slots.map(({ name, shape, offset, size }) => ({ name, shape, data: vector.subarray(offset, offset + size) }));
}

/** The inverse of {@link namedViews}: a fresh flat vector. Fails with `checkpoint.corrupt` when a weight is missing or has another size. */
export function flatVector(
  { slots, size }: Layout,
  named: ReadonlyMap<string, { readonly data: Float32Array }>,
  step: number,
): Float32Array {
  const vector = new Float32Array(size);
  for (const slot of slots) {
    const data = named.get(slot.name)?.data;
    if (!data) fail('checkpoint.corrupt', { step, problem: `${slot.name} is missing` });
    if (data.length !== slot.size) {
      fail('checkpoint.corrupt', { step, problem: `${slot.name} has ${data.length} numbers, not ${slot.size}` });
    }
    vector.set(data, slot.offset);
  }
  return vector;
}

/** A flat vector as one tensor for each slot. */
export function unpack(tf: Tf, { slots }: Layout, vector: Tensor1D): Tensor[] {
  if (slots.length === 0) return [];
  const sizes = slots.map(({ size }) => size);
  return tf.split(vector, sizes, 0).map((part, index) => tf.reshape(part, [...(slots[index]?.shape ?? [])]));
}

/** The inverse of {@link unpack}; no tensors give the empty vector. */
export function pack(tf: Tf, tensors: readonly Tensor[]): Tensor1D {
  if (tensors.length === 0) return tf.tensor1d([]);
  return tf.concat1d(tensors.map((tensor) => tf.reshape(tensor, [tensor.size]) as Tensor1D));
}

/** A network's output and the running statistics after the pass (in `sample` mode: those that were given). */
export interface ForwardPass {
  readonly output: Tensor;
  /** What its last layer took: the logits, where that layer squashes them. The output, where the last two are computed as one: neither squashes. */
  readonly beforeLast: Tensor;
  readonly running: readonly Tensor[];
}

/**
 * Forward pass on a batch `[N, ...input]`; `weights` and `running` as {@link unpack} gives them, `labels` `[N, classes]` in a recipe with classes, `noise` in
 * `train` mode a tensor for each of the network's noises.
 */
export function forward(
  tf: Tf,
  network: Network,
  weights: readonly Tensor[],
  running: readonly Tensor[],
  x: Tensor,
  mode: 'train' | 'sample',
  labels: Tensor | undefined,
  noise: readonly Tensor[] = [],
): ForwardPass {
  const moved = [...running];
  const outputs: (Tensor | undefined)[] = [];
  const outputOf = (source: number): Tensor => {
    const output = source === NETWORK_INPUT ? x : outputs[source];
    if (!output) throw new Error(`layer ${source} of the ${network.name} is part of the one behind it`);
    return output;
  };
  const weightsOf = (layer: NetworkLayer) => ({
    ...byName(layer.trained, weights),
    ...byName(layer.running, running),
  });
  const absorbed = new Set(network.layers.flatMap(({ fold, sources }) => (fold ? sources : [])));
  network.layers.forEach((layer, index) => {
    const before = layer.fold && network.layers[layer.sources[0] ?? NETWORK_INPUT];
    const updateRunning = (weight: string, value: Tensor) => {
      const place = layer.running[weight] ?? before?.running[weight];
      if (place === undefined) throw new Error(`${layer.kind.id} has no running weight called ${weight}`);
      moved[place] = value;
    };
    const drawn = layer.noise === undefined ? undefined : noise[layer.noise];
    const context = { mode, updateRunning, labels, noise: drawn };
    if (absorbed.has(index)) {
      outputs.push(undefined);
    } else if (layer.fold && before) {
      const source = outputOf(before.sources[0] ?? NETWORK_INPUT);
      outputs.push(layer.fold(tf, source, { ...weightsOf(before), ...weightsOf(layer) }, context));
    } else {
      outputs.push(applyLayer(tf, layer.kind, layer.sources.map(outputOf), weightsOf(layer), layer.settings, context));
    }
  });
  const last = network.layers.length - 1;
  const beforeLast = network.layers[last]?.sources[0] ?? NETWORK_INPUT;
  const output = outputOf(last);
  return { output, beforeLast: absorbed.has(beforeLast) ? output : outputOf(beforeLast), running: moved };
}

/** What a layer's slots hold, by the weights' names. */
const byName = (slots: Readonly<Record<string, number>>, tensors: readonly Tensor[]): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(slots).map(([weight, index]) => [weight, tensors[index] as Tensor]));

/** A network's pass in training. */
export const trainingPass =
  (tf: Tf, network: Network) =>
  (
    weights: readonly Tensor[],
    running: readonly Tensor[],
    x: Tensor,
    labels: Tensor | undefined,
    noise: readonly Tensor[],
  ): ForwardPass =>
    forward(tf, network, weights, running, x, 'train', labels, noise);
