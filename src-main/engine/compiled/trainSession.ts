import { fail } from '#shared/contract/errors';
import type { EngineInfo } from '#shared/contract/types';
import { byNetwork, networkNames } from '#shared/recipe/model';
import type { Tensor } from 'onnxruntime-node';
import { modelOf, type Model } from '../../gan/model';
import { buildNetworks, type Network, type Networks } from '../../gan/network';
import { Ema } from '../../gan/ema';
import { takenUp } from '../../gan/optimizerStart';
import type { NetworkWeights, GeneratorWeights, NetworkState, TrainingState } from '../../gan/state';
import type { StepCount } from '../../gan/stepInputs';
import type { EngineOptions, OnPhase, StepInputs, StepResult, TrainSession } from '../engine';
import { deviceOf } from '../device';
import { Serial } from '../serial';
import type { Recipe } from '#shared/recipe/recipe';
import { onnxRuntime, type Ort } from './runtime';
import { ModelSession } from './session';
import { after, statePorts, stepModel, tunedStepModel, vectorOf, type StatePart } from './stepModel';

type Tensors = Readonly<Record<string, Tensor>>;

/** Traces, simplifies and emits the step for one batch size, and loads it. */
export async function compiledTrainSession(
  recipe: Recipe,
  batchSize: number,
  state: TrainingState,
  options: EngineOptions,
  onPhase?: OnPhase,
): Promise<TrainSession> {
  onPhase?.('Loading ONNX Runtime', 0);
  const ort = await onnxRuntime();
  onPhase?.('Compiling the training step', 0.2);
  const networks = buildNetworks(recipe);
  const model = options.forms
    ? await tunedStepModel(networks, batchSize, options, options.forms, (done, total) =>
        onPhase?.('Trying what is fastest on this machine', 0.2 + (0.4 * done) / total),
      )
    : stepModel(networks, batchSize);
  onPhase?.('Preparing the device', 0.6);
  const session = await ModelSession.load(model, options);
  onPhase?.('Ready', 1);
  return new CompiledTrainSession(ort, networks, batchSize, state, session, options);
}

/**
 * Training by one ONNX model. The state lives in two sets of buffers: a step reads one and writes the other, so nothing is allocated and
 * a step that fails leaves the state as it was.
 */
class CompiledTrainSession implements TrainSession {
  readonly info: EngineInfo;
  readonly #serial = new Serial();
  readonly #networks: Networks;
  readonly #model: Model;
  readonly #ort: Ort;
  readonly #batchSize: number;
  #session: ModelSession | undefined;
  #now: Tensors;
  #next: Tensors;
  readonly #report: Tensor;
  readonly #ema: Ema | undefined;
  readonly #optimizers: StepCount['optimizers'];
  #step: number;

  constructor(
    ort: Ort,
    networks: Networks,
    batchSize: number,
    given: TrainingState,
    session: ModelSession,
    options: EngineOptions,
  ) {
    this.info = { engine: 'compiled', provider: options.provider, device: deviceOf(options.provider, options.threads) };
    const state = takenUp(networks.recipe, given);
    this.#optimizers = state.optimizers;
    this.#ort = ort;
    this.#networks = networks;
    this.#model = modelOf(networks.recipe);
    this.#batchSize = batchSize;
    this.#session = session;
    this.#step = state.step;
    if (networks.recipe.training.emaHalfLife > 0) this.#ema = new Ema(state.ema ?? state.generator);
    const vectors = (make: (vector: Float32Array) => Float32Array): Tensors =>
      Object.fromEntries(
        statePorts(networks).map((port) => [port.name, this.#tensor(make(vectorOf(state, port)), [port.size])]),
      );
    this.#now = vectors((vector) => vector.slice());
    this.#next = vectors((vector) => new Float32Array(vector.length));
    const { length } = this.#model.figures(networks.recipe);
    this.#report = this.#tensor(new Float32Array(length), [length]);
  }

  step(inputs: StepInputs): Promise<StepResult> {
    return this.#serial.run(async () => {
      const session = this.#open();
      await session.run(
        { ...this.#now, ...this.#inputTensors(inputs) },
        {
          ...Object.fromEntries(Object.entries(this.#next).map(([name, tensor]) => [after(name), tensor])),
          report: this.#report,
        },
      );
      [this.#now, this.#next] = [this.#next, this.#now];
      this.#step += 1;
      this.#ema?.follow(this.#weightsOf('generator'), inputs.emaKept ?? 0);
      const names = this.#model.figures(this.#networks.recipe);
      const figures = this.#report.data as Float32Array;
      return Object.fromEntries(names.map((name, at) => [name, figures[at]])) as unknown as StepResult;
    });
  }

  #inputTensors(inputs: StepInputs): Tensors {
    const numbers = this.#model.inputNumbers(this.#networks, inputs, {
      step: this.#step,
      optimizers: this.#optimizers,
    });
    const tensors = Object.entries(this.#model.inputShapes(this.#networks, this.#batchSize)).map(([name, shape]) => [
      name,
      this.#tensor(numbers[name] ?? new Float32Array(0), shape),
    ]);
    return Object.fromEntries(tensors) as Tensors;
  }

  /** A network's own vectors, not copies: they change with the next step. */
  #weightsOf(network: Network['name']): NetworkWeights {
    const vector = (part: StatePart) =>
      (this.#now[`${network}.${part}`]?.data as Float32Array | undefined) ?? new Float32Array(0);
    return { weights: vector('weights'), running: vector('running') };
  }

  readState(): Promise<TrainingState> {
    return this.#serial.run(() => {
      this.#open();
      return {
        ...byNetwork(networkNames(this.#networks.recipe), (name) => this.#read(name)),
        ...(this.#ema && { ema: this.#ema.read() }),
        optimizers: this.#optimizers,
        step: this.#step,
      };
    });
  }

  readGenerator(): Promise<GeneratorWeights> {
    return this.#serial.run(() => {
      this.#open();
      const copies = this.#ema?.read() ?? copyOf(this.#weightsOf('generator'));
      const encoder = this.#networks.encoder && { encoder: copyOf(this.#weightsOf('encoder')) };
      return { ...copies, ...encoder, step: this.#step };
    });
  }

  close(): Promise<void> {
    return this.#serial.run(async () => {
      const session = this.#session;
      this.#session = undefined;
      await session?.release();
    });
  }

  #open(): ModelSession {
    const { provider } = this.info;
    return this.#session ?? fail('engine.unavailable', { engine: 'compiled', provider, problem: 'it was closed' });
  }

  #read(network: Network['name']): NetworkState {
    return {
      weights: this.#copy(network, 'weights'),
      firstMoment: this.#copy(network, 'firstMoment'),
      secondMoment: this.#copy(network, 'secondMoment'),
      running: this.#copy(network, 'running'),
    };
  }

  /** A vector of the state; what the model does not carry is zero. */
  #copy(network: Network['name'], part: StatePart): Float32Array {
    const tensor = this.#now[`${network}.${part}`];
    if (tensor) return (tensor.data as Float32Array).slice();
    return new Float32Array(this.#networks[network]?.[part === 'running' ? 'running' : 'trained'].size ?? 0);
  }

  #tensor(data: Float32Array, shape: readonly number[]): Tensor {
    return new this.#ort.Tensor('float32', data, shape);
  }
}

const copyOf = ({ weights, running }: NetworkWeights): NetworkWeights => ({
  weights: weights.slice(),
  running: running.slice(),
});
