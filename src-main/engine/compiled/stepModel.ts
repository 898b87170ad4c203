import type { Shape } from '#shared/recipe/layerKind';
import * as tf from '@tensorflow/tfjs-core';
import { pack, type Gan, type Network } from '../../gan/network';
import type { NetworkState } from '../../gan/state';
import { stepInputShapes, stepTensors } from '../../gan/stepInputs';
import { trainStep, type Either, type NetworkTensors } from '../../gan/step';
import { compile } from './compile';
import type { Graph } from './graph';
import { emitModel } from './model';

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
export function statePorts(gan: Gan): StatePort[] {
  return [gan.generator, gan.discriminator].flatMap(({ name: network, trained, running }) =>
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

/** Order of the scalars in the output `report`: one small tensor costs less than four. */
const reportOrder = ['lossD', 'lossG', 'dReal', 'dFake'] as const;

/** One D+G step as a graph: state and the step's inputs in; the state after it and the report out. */
export function stepGraph(gan: Gan, batchSize: number): Graph {
  const ports = statePorts(gan);
  const inputs: Record<string, Shape> = {
    ...Object.fromEntries(ports.map((port) => [port.name, [port.size]])),
    ...stepInputShapes(gan, batchSize),
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
    const outcome = trainStep(
      tf,
      gan,
      { generator: networkTensors('generator'), discriminator: networkTensors('discriminator') },
      stepTensors(tf, gan, tensors, choice),
    );
    return {
      ...Object.fromEntries(ports.map(({ name, network, part }) => [after(name), outcome[network][part]])),
      report: pack(
        tf,
        reportOrder.map((name) => outcome[name]),
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
export function stepModel(gan: Gan, batchSize: number): Uint8Array {
  return emitModel(stepGraph(gan, batchSize), { name: 'step' });
}

/** A port's vector of a state. */
export function vectorOf(
  state: Readonly<Record<Network['name'], NetworkState>>,
  { network, part }: StatePort,
): Float32Array {
  return state[network][part];
}
