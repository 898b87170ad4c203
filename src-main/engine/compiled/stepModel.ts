import type { Shape } from '#shared/recipe/layerKind';
import { byNetwork, networkNames, type ByNetwork } from '#shared/recipe/model';
import * as tf from '@tensorflow/tfjs-core';
import { modelOf } from '../../gan/model';
import { listNetworks, pack, type Network, type Networks } from '../../gan/network';
import type { NetworkState } from '../../gan/state';
import type { Either, NetworkTensors } from '../../gan/step';
import { compile } from './compile';
import type { EngineOptions, FormMemory } from '../engine';
import { chooseForms, type FormChoice } from './forms';
import type { Graph } from './graph';
import { emitModel } from './model';
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

/** Every flat vector of the state. Empty ones (a network without batch norm has no running statistics) are no tensors of the model. */
export function statePorts(networks: Networks): StatePort[] {
  return listNetworks(networks).flatMap(({ name: network, trained, running }) =>
    stateParts
      .map((part) => ({
        name: `${network}.${part}`,
        network,
        part,
        size: part === 'running' ? running.size : trained.size,
      }))
      .filter(({ size }) => size > 0),
  );
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
      const part = (name: StatePart) => (tensors[`${network}.${name}`] ?? tf.tensor1d([])) as tf.Tensor1D;
      return {
        weights: part('weights'),
        firstMoment: part('firstMoment'),
        secondMoment: part('secondMoment'),
        running: part('running'),
      };
    };
    const state = byNetwork(networkNames(networks.recipe), networkTensors);
    const outcome = model.step(tf, networks, state, tensors, choice);
    const valueAfter = ({ network, part }: StatePort) => (outcome.state[network] as NetworkTensors)[part];
    return {
      ...Object.fromEntries(ports.map((port) => [after(port.name), valueAfter(port)])),
      report: pack(
        tf,
        model.figures.map((name) => outcome.figures[name] as tf.Scalar),
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
  return emitted(stepGraph(networks, batchSize));
}

const emitted = (graph: Graph, forms?: FormChoice) => emitModel(graph, { name: 'step', ...(forms && { forms }) });

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
  return emitted(graph, chooseForms(graph, found));
}

/** A port's vector of a state. */
export function vectorOf(state: ByNetwork<NetworkState>, { network, part }: StatePort): Float32Array {
  return state[network]?.[part] ?? new Float32Array(0);
}
