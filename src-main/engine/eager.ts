import { fail } from '#shared/contract/errors';
import { byNetwork, networkNames, type ByNetwork, type NetworkName } from '#shared/recipe/model';
import type { Recipe } from '#shared/recipe/recipe';
import * as tf from '@tensorflow/tfjs-core';
import { Ema } from '../gan/ema';
import { modelOf, type EitherOf } from '../gan/model';
import { takenUp } from '../gan/optimizerStart';
import { buildNetworks, forward, unpack, type Networks } from '../gan/network';
import type { GeneratorAverage, NetworkState, TrainingState } from '../gan/state';
import type { StepCount } from '../gan/stepInputs';
import type { NetworkTensors } from '../gan/stepTensors';
import { eagerBackend, useBackend, type EagerBackend } from './eagerBackend';
import type {
  Engine,
  EngineOptions,
  GeneratorSession,
  GeneratorWeights,
  OnPhase,
  StepInputs,
  StepResult,
  TrainSession,
} from './engine';
import { Serial } from './serial';

/** Imperative: every step runs kernel by kernel on a TensorFlow.js backend. Slow on its own CPU backend, and what the compiled engine is proved by. */
export const eager: Engine = {
  id: 'eager',
  async trainSession(
    recipe: Recipe,
    batchSize: number,
    state: TrainingState,
    { provider }: EngineOptions,
    onPhase?: OnPhase,
  ): Promise<TrainSession> {
    onPhase?.('Loading TensorFlow.js', 0);
    const session = new EagerTrainSession(buildNetworks(recipe), batchSize, state, await eagerBackend(provider));
    onPhase?.('Ready', 1);
    return session;
  },
  async generatorSession(recipe: Recipe, { provider }: EngineOptions): Promise<GeneratorSession> {
    return new EagerGeneratorSession(buildNetworks(recipe), await eagerBackend(provider));
  },
};

const closed = ({ info }: EagerBackend): never =>
  fail('engine.unavailable', { engine: 'eager', provider: info.provider, problem: 'the session is closed' });

class EagerTrainSession implements TrainSession {
  readonly info;
  readonly #serial = new Serial();
  readonly #ema: Ema | undefined;
  #state: ByNetwork<NetworkTensors> | undefined;
  readonly #optimizers: StepCount['optimizers'];
  #step: number;

  constructor(
    readonly networks: Networks,
    readonly batchSize: number,
    given: TrainingState,
    readonly backend: EagerBackend,
  ) {
    const state = takenUp(networks.recipe, given);
    this.info = backend.info;
    this.#optimizers = state.optimizers;
    this.#step = state.step;
    if (networks.recipe.training.emaHalfLife > 0) this.#ema = new Ema(state.ema ?? state.generator);
    useBackend(backend);
    this.#state = this.#each((name) => upload(state[name] as NetworkState));
  }

  step(inputs: StepInputs): Promise<StepResult> {
    return this.#serial.run(() => {
      const before = this.#state ?? closed(this.backend);
      useBackend(this.backend);
      const model = modelOf(this.networks.recipe);
      const outcome = tf.tidy(() => {
        const { state, figures } = model.step(tf, this.networks, before, this.#inputTensors(inputs), eitherOf);
        // As containers that TensorFlow.js looks into: what they hold outlives this scope.
        return { state: { ...state }, figures: { ...figures } };
      });
      this.#state = outcome.state;
      this.#step += 1;
      this.#ema?.follow(picturing(outcome.state.generator), inputs.emaKept ?? 0);
      tf.dispose(before);
      const figures = model.figures(this.networks.recipe).map((name) => [name, outcome.figures[name]?.dataSync()[0]]);
      tf.dispose(outcome.figures);
      return Object.fromEntries(figures) as unknown as StepResult;
    });
  }

  #inputTensors(inputs: StepInputs): Readonly<Record<string, tf.Tensor>> {
    const model = modelOf(this.networks.recipe);
    const numbers = model.inputNumbers(this.networks, inputs, { step: this.#step, optimizers: this.#optimizers });
    const tensors = Object.entries(model.inputShapes(this.networks, this.batchSize)).map(([name, shape]) => [
      name,
      tf.tensor(numbers[name] ?? new Float32Array(0), [...shape]),
    ]);
    return Object.fromEntries(tensors) as Record<string, tf.Tensor>;
  }

  #each<Value>(valueOf: (name: NetworkName) => Value): ByNetwork<Value> {
    return byNetwork(networkNames(this.networks.recipe), valueOf);
  }

  readState(): Promise<TrainingState> {
    return this.#serial.run(() => {
      const state = this.#state ?? closed(this.backend);
      return {
        ...this.#each((name) => download(state[name] as NetworkTensors)),
        ...(this.#ema && { ema: this.#ema.read() }),
        optimizers: this.#optimizers,
        step: this.#step,
      };
    });
  }

  readGenerator(): Promise<GeneratorWeights> {
    return this.#serial.run(() => {
      const { generator } = this.#state ?? closed(this.backend);
      return { ...(this.#ema?.read() ?? picturing(generator)), step: this.#step };
    });
  }

  close(): Promise<void> {
    return this.#serial.run(() => {
      if (this.#state) tf.dispose(this.#state);
      this.#state = undefined;
    });
  }
}

class EagerGeneratorSession implements GeneratorSession {
  readonly info;
  readonly #serial = new Serial();
  #generator: GeneratorWeights | undefined;

  constructor(
    readonly networks: Networks,
    readonly backend: EagerBackend,
  ) {
    this.info = backend.info;
  }

  setWeights(generator: GeneratorWeights): void {
    this.#generator = generator;
  }

  generate(z: Float32Array, count: number): Promise<Float32Array> {
    return this.#serial.run(() => {
      const state = this.#generator;
      if (!state) throw new Error('setWeights comes before generate');
      useBackend(this.backend);
      const { generator, recipe } = this.networks;
      const pictures = tf.tidy(() => {
        const weights = unpack(tf, generator.trained, tf.tensor1d(state.weights));
        const running = unpack(tf, generator.running, tf.tensor1d(state.running));
        return forward(tf, generator, weights, running, tf.tensor2d(z, [count, recipe.latent.size]), 'sample').output;
      });
      const numbers = copyOf(pictures);
      pictures.dispose();
      return numbers;
    });
  }

  close(): Promise<void> {
    return this.#serial.run(() => {
      this.#generator = undefined;
    });
  }
}

/** Asks the flag itself: here it has a number. */
const eitherOf: EitherOf = (penalise) => (penalised, plain) => (penalise.dataSync()[0] === 1 ? penalised() : plain());

const upload = (state: NetworkState): NetworkTensors => ({
  // TensorFlow.js's CPU backend keeps the array it is given; the caller's stays its own.
  weights: tf.tensor1d(state.weights.slice()),
  firstMoment: tf.tensor1d(state.firstMoment.slice()),
  secondMoment: tf.tensor1d(state.secondMoment.slice()),
  running: tf.tensor1d(state.running.slice()),
});

const copyOf = (tensor: tf.Tensor): Float32Array => new Float32Array(tensor.dataSync<'float32'>());

const picturing = ({ weights, running }: NetworkTensors): GeneratorAverage => ({
  weights: copyOf(weights),
  running: copyOf(running),
});

const download = ({ weights, firstMoment, secondMoment, running }: NetworkTensors): NetworkState => ({
  weights: copyOf(weights),
  firstMoment: copyOf(firstMoment),
  secondMoment: copyOf(secondMoment),
  running: copyOf(running),
});
