import type { ProviderId } from '#shared/contract/types';
import type { Shape } from '#shared/recipe/layerKind';
import { byNetwork, networkNames } from '#shared/recipe/model';
import { optimizerSettingsOf } from '#shared/recipe/recipe';
import * as tf from '@tensorflow/tfjs-core';
import { modelOf } from '../../gan/model';
import { listNetworks, pack, type Network, type Networks } from '../../gan/network';
import { optimizerOf, type Moment } from '../../gan/optimizer';
import type { TrainingState } from '../../gan/state';
import type { Either, NetworkTensors } from '../../gan/stepTensors';
import { compile } from './compile';
import type { EngineOptions } from '../engine';
import { chooseForms, formsFor, type FormChoice, type KnownForms } from './forms';
import type { Graph } from './graph';
import { emitted, type EmittedModel } from './model';
import { encodeOnnx } from './onnx';
import { tune, type OnTuning } from './tune';

/** The parts of the state as the model's inputs and outputs carry them: `generator.weights`, `generator.firstMoment`, … */
const stateParts = ['weights', 'firstMoment', 'secondMoment', 'running'] as const;
type StatePart = (typeof stateParts)[number];

interface StatePort {
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

/** The output that holds the step's figures, as one small tensor. */
export const REPORT = 'report';

/** The parts of the generator's average, which a model may keep. */
const averageParts = ['weights', 'running'] as const;
type AveragePart = (typeof averageParts)[number];

export const averageName = (part: AveragePart): string => `average.${part}`;

/** The input that says how far the average moves to the newest generator, 0 … 1. */
export const EMA_MOVED = 'emaMoved';

/** Vectors of the generator's average; they are ports of a model that keeps it itself. */
function averagePorts({ generator }: Networks) {
  const sizes = { weights: generator.trained.size, running: generator.running.size };
  return averageParts
    .map((part) => ({ name: averageName(part), part, size: sizes[part] }))
    .filter(({ size }) => size > 0);
}

/**
 * One step as a graph: state and the step's inputs in; the state after it and the model's figures out. With `average` the generator's average is part of
 * that state.
 */
export function stepGraph(networks: Networks, batchSize: number, average = false): Graph {
  const model = modelOf(networks.recipe);
  const ports = statePorts(networks);
  const averages = average ? averagePorts(networks) : [];
  const inputs: Record<string, Shape> = {
    ...Object.fromEntries([...ports, ...averages].map((port) => [port.name, [port.size]])),
    ...model.inputShapes(networks, batchSize),
    ...(average && { [EMA_MOVED]: [] }),
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
    const moved = ({ name, part }: (typeof averages)[number]): tf.Tensor => {
      const before = tensors[name] as tf.Tensor;
      const newest = (outcome.state.generator as NetworkTensors)[part];
      return tf.add(before, tf.mul(tensors[EMA_MOVED] as tf.Tensor, tf.sub(newest, before)));
    };
    return {
      ...Object.fromEntries(ports.map((port) => [after(port.name), valueAfter(port)])),
      ...Object.fromEntries(averages.map((port) => [after(port.name), moved(port)])),
      [REPORT]: pack(
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

/** The step in the forms that are usual on a CPU, before it is written, with the shapes of its tensors. */
export function emittedStep(networks: Networks, batchSize: number): EmittedModel {
  const graph = stepGraph(networks, batchSize);
  return inForms(graph, chooseForms(graph, new Map(), 'cpu'));
}

const inForms = (graph: Graph, forms: FormChoice, partsAtMost?: number) =>
  emitted(graph, {
    name: 'step',
    foremost: after('generator.weights'),
    forms,
    ...(partsAtMost !== undefined && { partsAtMost }),
  });

/** What the provider makes of the step. */
export interface StepTarget {
  readonly provider: ProviderId;
  /** Whether the model keeps the generator's average itself, as {@link stepGraph} has it. */
  readonly average: boolean;
  /** Parts that one Split may have; undefined: as many as are asked for. */
  readonly partsAtMost: number | undefined;
}

/** The step as an ONNX model, and what a memory must know to run it. */
export interface StepModel {
  readonly bytes: Uint8Array;
  /** Every vector that it takes in by its name and gives out by {@link after} of it. */
  readonly ports: readonly { readonly name: string; readonly size: number }[];
  readonly reportSize: number;
  /** Whether the generator's average is among them. */
  readonly average: boolean;
}

/** Compiles the step, in the forms that are known; as usual what is not. */
export function stepModel(
  networks: Networks,
  batchSize: number,
  target: StepTarget,
  known: KnownForms = new Map(),
): StepModel {
  const graph = stepGraph(networks, batchSize, target.average);
  return written(networks, target, graph, chooseForms(graph, known, target.provider));
}

/** A step in its fastest forms. */
interface TunedStepModel {
  readonly model: StepModel;
  /** The forms that it is written in. */
  readonly forms: KnownForms;
}

/** The same in the forms that are fastest on this machine; those that are not known yet are timed. */
export async function tunedStepModel(
  networks: Networks,
  batchSize: number,
  target: StepTarget,
  options: EngineOptions,
  known: KnownForms,
  onTuning: OnTuning,
): Promise<TunedStepModel> {
  const graph = stepGraph(networks, batchSize, target.average);
  const found = await tune(graph, options, known, onTuning);
  const model = written(networks, target, graph, chooseForms(graph, found, target.provider));
  return { model, forms: formsFor(graph, found) };
}

function written(networks: Networks, { average, partsAtMost }: StepTarget, graph: Graph, forms: FormChoice): StepModel {
  return {
    bytes: encodeOnnx(inForms(graph, forms, partsAtMost).model),
    ports: [...statePorts(networks), ...(average ? averagePorts(networks) : [])],
    reportSize: modelOf(networks.recipe).figures(networks.recipe).length,
    average,
  };
}

/** A state's vectors by the names of their ports; an average that it has not yet starts from the generator. */
export function stateVectors(networks: Networks, state: TrainingState): Readonly<Record<string, Float32Array>> {
  const averaged = networks.recipe.training.emaHalfLife > 0 ? averagePorts(networks) : [];
  const { ema = state.generator } = state;
  return Object.fromEntries([
    ...statePorts(networks).map(({ name, network, part }) => [name, state[network]?.[part] ?? new Float32Array(0)]),
    ...averaged.map(({ name, part }) => [name, ema?.[part] ?? new Float32Array(0)]),
  ]);
}
