import type { Shape } from '#shared/recipe/layerKind';
import { byNetwork, networkNames, type ByNetwork } from '#shared/recipe/model';
import { optimizerSettingsOf } from '#shared/recipe/recipe';
import * as tf from '@tensorflow/tfjs-core';
import { modelOf } from '../../gan/model';
import { listNetworks, pack, type Network, type Networks } from '../../gan/network';
import { optimizerOf, type Moment } from '../../gan/optimizer';
import type { NetworkState } from '../../gan/state';
import type { Either, NetworkTensors } from '../../gan/stepTensors';
import { compile } from './compile';
import type { EngineOptions, FormMemory } from '../engine';
import { chooseForms, type FormChoice } from './forms';
import type { Graph } from './graph';
import { emitted, type EmittedModel } from './model';
import { encodeOnnx } from './onnx';
import { tune, type OnTuning } from './tune';

/** The parts of the state as the model's inputs and outputs carry them: `generator.weights`, `generator.firstMoment`, … */
const stateParts = ['weights', 'firstMoment', 'secondMoment', 'running'] as const;
export type StatePart = (typeof stateParts)[number];

export interface StatePort {
  /** The input's name; the output's is {@link after} of it. */
  readonly name: string;
  readonly network: Network['name'];
  readonly part: StatePart;
  readonly size: number;
}

/**
 * Every flat vector that a step reads and writes. Empty ones (a network without batch norm has no running statistics) and moments that the network's
 * optimiser does not keep are no tensors of the model.
 */
export function statePorts(networks: Networks): StatePort[] {
  return listNetworks(networks).flatMap(({ name: network, trained, running }) => {
    const settings = optimizerSettingsOf(networks.recipe, network);
    const kept = optimizerOf(settings).keeps(settings);
    const momentSize = (moment: Moment) => (kept.includes(moment) ? trained.size : 0);
    const sizes: Readonly<Record<StatePart, number>> = {
      weights: trained.size,
      firstMoment: momentSize('firstMoment'),
      secondMoment: momentSize('secondMoment'),
      running: running.size,
    };
    return stateParts
      .map((part) => ({ name: `${network}.${part}`, network, part, size: sizes[part] }))
      .filter(({ size }) => size > 0);
  });
}

/** The output that holds a state port's value after the step. */
export const after = (name: string): string => `${name}.next`;

/** One step as a graph: state and the step's inputs in; the state after it and the model's figures out, as one small tensor `report`. */
export function stepGraph(networks: Networks, batchSize: number): Graph {
  const model = modelOf(networks.recipe);
  const ports = statePorts(networks);
  const inputs: Record<string, Shape> = {
    ...Object.fromEntries(ports.map((port) => [port.name, [port.size]])),
    ...model.inputShapes(networks, batchSize),
  };
  return compile(inputs, (tensors) => {
    const networkTensors = (network: Network['name']): NetworkTensors => {
      const part = (name: StatePart, size: number) =>
        (tensors[`${network}.${name}`] ?? tf.zeros([size])) as tf.Tensor1D;
      const size = networks[network]?.trained.size ?? 0;
      return {
        weights: part('weights', size),
        firstMoment: part('firstMoment', size),
        secondMoment: part('secondMoment', size),
        running: part('running', 0),
      };
    };
    const state = byNetwork(networkNames(networks.recipe), networkTensors);
    const outcome = model.step(tf, networks, state, tensors, choice);
    const valueAfter = ({ network, part }: StatePort) => (outcome.state[network] as NetworkTensors)[part];
    return {
      ...Object.fromEntries(ports.map((port) => [after(port.name), valueAfter(port)])),
      report: pack(
        tf,
        model.figures(networks.recipe).map((name) => outcome.figures[name] as tf.Scalar),
      ),
    };
  });
}

/** Records both computations; where their results differ, the model runs only the one that is asked for. */
const choice =
  (penalise: tf.Scalar): Either =>
  (penalised, plain) => {
    const whenNot = plain();
    return penalised().map((when, index) =>
      tf.engine().runKernel<tf.Tensor>('Choose', { flag: penalise, when, whenNot: whenNot[index] as tf.Tensor }),
    );
  };

/** The step as an ONNX model. */
export function stepModel(networks: Networks, batchSize: number): Uint8Array {
  return encodeOnnx(emittedStep(networks, batchSize).model);
}

/** The same in the usual forms, before it is written, with the shapes of its tensors. */
export function emittedStep(networks: Networks, batchSize: number): EmittedModel {
  return inForms(stepGraph(networks, batchSize));
}

const inForms = (graph: Graph, forms?: FormChoice) =>
  emitted(graph, { name: 'step', foremost: after('generator.weights'), ...(forms && { forms }) });

/** The step as an ONNX model in the forms that are fastest on this machine; those that are not known yet are timed, and remembered. */
export async function tunedStepModel(
  networks: Networks,
  batchSize: number,
  options: EngineOptions,
  memory: FormMemory,
  onTuning: OnTuning,
): Promise<Uint8Array> {
  const graph = stepGraph(networks, batchSize);
  const known = await memory.read(options.provider);
  const found = await tune(graph, options, known, onTuning);
  if (found.size > known.size) await memory.write(options.provider, found);
  return encodeOnnx(inForms(graph, chooseForms(graph, found)).model);
}

/** A port's vector of a state. */
export function vectorOf(state: ByNetwork<NetworkState>, { network, part }: StatePort): Float32Array {
  return state[network]?.[part] ?? new Float32Array(0);
}
