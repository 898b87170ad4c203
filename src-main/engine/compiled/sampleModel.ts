import type { Shape } from '#shared/recipe/layerKind';
import { fail } from '#shared/contract/errors';
import * as tf from '@tensorflow/tfjs-core';
import { asVae, forward, namedViews, unpack, type Network, type Networks } from '../../gan/network';
import type { NetworkWeights } from '../../gan/state';
import { compile } from './compile';
import { emitModel, type ModelOptions } from './model';

/** A network that is run alone: the generator makes pictures of latents, a VAE's encoder reads codes from pictures. */
export type LoneNetwork = 'generator' | 'encoder';

interface Ports {
  /** The input's name. */
  readonly input: string;
  readonly outputs: (output: tf.Tensor) => Readonly<Record<string, tf.Tensor>>;
}

const ports: Readonly<Record<LoneNetwork, Ports>> = {
  generator: { input: 'z', outputs: (pictures) => ({ pictures }) },
  encoder: {
    input: 'pictures',
    outputs: (code) => {
      const [mean, logVariance] = tf.split(code, 2, 1) as [tf.Tensor, tf.Tensor];
      return { mean, logVariance };
    },
  },
};

/** Inputs and outputs whose first side is the batch. */
const BATCHED = new Set(['z', 'pictures', 'mean', 'logVariance', 'labels']);

/** The name of a network's input in its model. */
export const inputNameOf = (name: LoneNetwork): string => ports[name].input;

function loneNetwork(networks: Networks, name: LoneNetwork): Network {
  return name === 'encoder' ? asVae(networks).encoder : networks.generator;
}

/** A conditional generator's second input: what each picture is to show. */
function labelsOf({ recipe }: Networks, name: LoneNetwork, batch: number): Readonly<Record<string, Shape>> {
  const classes = recipe.classes.length;
  return name === 'generator' && classes > 0 ? { labels: [batch, classes] } : {};
}

/** A network with running statistics, weights as inputs `weights` and `running`: what the sampler runs, any batch size. */
export function sampleModel(networks: Networks, name: LoneNetwork): Uint8Array {
  const network = loneNetwork(networks, name);
  const { trained, running } = network;
  const { input, outputs } = ports[name];
  return freeBatchModel((batch) => ({
    inputs: {
      [input]: [batch, ...network.input],
      ...labelsOf(networks, name, batch),
      weights: [trained.size],
      ...(running.size > 0 ? { running: [running.size] } : {}),
    },
    compute: ({ weights, running: statistics, labels, ...rest }) => {
      const trainedWeights = unpack(tf, trained, weights as tf.Tensor1D);
      const runningWeights = statistics ? unpack(tf, running, statistics as tf.Tensor1D) : [];
      const x = rest[input] as tf.Tensor;
      return outputs(forward(tf, network, trainedWeights, runningWeights, x, 'sample', labels).output);
    },
    options: { name },
  }));
}

/** A network with its weights inside, each by its name, for other programs. */
export function standaloneModel(
  networks: Networks,
  name: LoneNetwork,
  weights: NetworkWeights,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const network = loneNetwork(networks, name);
  const { trained, running } = network;
  const { input, outputs } = ports[name];
  const views = [...namedViews(trained, weights.weights), ...namedViews(running, weights.running)];
  return freeBatchModel((batch) => ({
    inputs: {
      [input]: [batch, ...network.input],
      ...labelsOf(networks, name, batch),
      ...Object.fromEntries(views.map((view) => [view.name, view.shape])),
    },
    compute: (tensors) => {
      const named = (slot: { readonly name: string }) => tensors[slot.name] as tf.Tensor;
      const [own, statistics] = [trained.slots.map(named), running.slots.map(named)];
      const [x, labels] = [tensors[input] as tf.Tensor, tensors['labels']];
      return outputs(forward(tf, network, own, statistics, x, 'sample', labels).output);
    },
    options: { name, metadata, baked: new Map(views.map((view) => [view.name, view.data])) },
  }));
}

interface FreeBatch {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly compute: Parameters<typeof compile>[1];
  readonly options: ModelOptions;
}

/**
 * A model whose batch is free, from a graph traced at a fixed one. That nothing in it depends on the batch is not assumed but seen: traced at two batch
 * sizes, it must be the same model.
 */
function freeBatchModel(build: (batch: number) => FreeBatch): Uint8Array {
  const emit = (batch: number): Uint8Array => {
    const { inputs, compute, options } = build(batch);
    return emitModel(compile(inputs, compute), { ...options, free: BATCHED });
  };
  const model = emit(2);
  if (!Buffer.from(model).equals(emit(3))) fail('engine.unsupported', { kernel: 'a layer bound to one batch size' });
  return model;
}
