import type { Shape } from '#shared/recipe/layerKind';
import * as tf from '@tensorflow/tfjs-core';
import { pack, type Gan, type Network } from '../../gan/network';
import { NoisePlan } from '../../gan/noise';
import type { NetworkState } from '../../gan/state';
import { trainStep, type NetworkTensors } from '../../gan/step';
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

/** Order of the scalars in the input `schedule` and the output `report`: one small tensor each costs less than four. */
const scheduleOrder = ['rateG', 'epsilonG', 'rateD', 'epsilonD'] as const;
const reportOrder = ['lossD', 'lossG', 'dReal', 'dFake'] as const;

/** One D+G step as a graph: state, z, real, schedule and the layers' noise in; the state after it and the report out. */
export function stepGraph(gan: Gan, batchSize: number): Graph {
  const ports = statePorts(gan);
  const noise = new NoisePlan(gan, batchSize);
  const { size, channels } = gan.recipe.image;
  const inputs: Record<string, Shape> = {
    ...Object.fromEntries(ports.map((port) => [port.name, [port.size]])),
    z: [batchSize, gan.recipe.latent.size],
    real: [batchSize, size, size, channels],
    schedule: [scheduleOrder.length],
    ...(noise.size > 0 ? { noise: [noise.size] } : {}),
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
    const [rateG, epsilonG, rateD, epsilonD] = tf
      .split(tensors['schedule'] as tf.Tensor, [1, 1, 1, 1])
      .map((part) => tf.reshape(part, [])) as [tf.Scalar, tf.Scalar, tf.Scalar, tf.Scalar];
    const outcome = trainStep(
      tf,
      gan,
      { generator: networkTensors('generator'), discriminator: networkTensors('discriminator') },
      {
        z: tensors['z'] as tf.Tensor,
        real: tensors['real'] as tf.Tensor,
        generatorSchedule: { rate: rateG, epsilon: epsilonG },
        discriminatorSchedule: { rate: rateD, epsilon: epsilonD },
        ...(tensors['noise'] ? { noise: tensors['noise'] as tf.Tensor1D } : {}),
      },
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
