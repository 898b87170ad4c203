import { fail } from '#shared/contract/errors';
import { byNetwork, networkNames, type ByNetwork, type NetworkName } from '#shared/recipe/model';
import type { Recipe } from '#shared/recipe/recipe';
import * as tf from '@tensorflow/tfjs-core';
import { Ema } from '../gan/ema';
import { figuresOf, modelOf, type EitherOf } from '../gan/model';
import { takenUp } from '../gan/optimizerStart';
import { asVae, buildNetworks, forward, unpack, type Network, type Networks } from '../gan/network';
import type { NetworkWeights, NetworkState, TrainingState } from '../gan/state';
import type { StepCount } from '../gan/stepInputs';
import type { NetworkTensors } from '../gan/stepTensors';
import { eagerBackend, useBackend, type EagerBackend } from './eagerBackend';
import type {
  Codes,
  EncoderSession,
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
    await onPhase?.('Loading TensorFlow.js', 0);
    const session = new EagerTrainSession(buildNetworks(recipe), batchSize, state, await eagerBackend(provider));
    return session;
  },
  async generatorSession(recipe: Recipe, { provider }: EngineOptions): Promise<GeneratorSession> {
    const session = new EagerNetworkSession(buildNetworks(recipe).generator, await eagerBackend(provider));
    return { ...handlesOf(session), generate: (z, count, labels) => session.run(z, count, labels) };
  },
  async encoderSession(recipe: Recipe, { provider }: EngineOptions): Promise<EncoderSession> {
    const { encoder } = asVae(buildNetworks(recipe));
    const session = new EagerNetworkSession(encoder, await eagerBackend(provider));
    const encode = async (pictures: Float32Array, count: number) =>
      codesOf(await session.run(pictures, count), recipe.latent.size);
    return { ...handlesOf(session), encode };
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
      const names = model.figures(this.networks.recipe);
      const result = figuresOf(names.map((name) => [name, outcome.figures[name]?.dataSync()[0] ?? NaN]));
      tf.dispose(outcome.figures);
      return result;
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
      const { generator, encoder } = this.#state ?? closed(this.backend);
      const newest = picturing(generator);
      const weights = this.#ema ? { ...this.#ema.read(), newest } : newest;
      return { ...weights, ...(encoder && { encoder: picturing(encoder) }), step: this.#step };
    });
  }

  close(): Promise<void> {
    return this.#serial.run(() => {
      if (this.#state) tf.dispose(this.#state);
      this.#state = undefined;
    });
  }
}

/** One network alone, with running statistics; runs follow one another. */
class EagerNetworkSession {
  readonly info;
  readonly #serial = new Serial();
  #weights: NetworkWeights | undefined;

  constructor(
    readonly network: Network,
    readonly backend: EagerBackend,
  ) {
    this.info = backend.info;
  }

  setWeights(weights: NetworkWeights): void {
    this.#weights = weights;
  }

  /** The network's output for a batch of `count`, as one array; `labels` for a conditional generator. */
  run(input: Float32Array, count: number, labels?: Float32Array): Promise<Float32Array> {
    return this.#serial.run(() => {
      const state = this.#weights;
      if (!state) throw new Error('setWeights comes before the first run');
      useBackend(this.backend);
      const { network } = this;
      const output = tf.tidy(() => {
        const weights = unpack(tf, network.trained, tf.tensor1d(state.weights));
        const running = unpack(tf, network.running, tf.tensor1d(state.running));
        const x = tf.tensor(input, [count, ...network.input]);
        const classes = labels && tf.tensor2d(labels, [count, labels.length / count]);
        return forward(tf, network, weights, running, x, 'sample', classes).output;
      });
      const numbers = copyOf(output);
      output.dispose();
      return numbers;
    });
  }

  close(): Promise<void> {
    return this.#serial.run(() => {
      this.#weights = undefined;
    });
  }
}

const handlesOf = (session: EagerNetworkSession) => ({
  info: session.info,
  setWeights: (weights: NetworkWeights) => session.setWeights(weights),
  close: () => session.close(),
});

/** Codes `[count, 2 · latent]`, the means of each picture before its log-variances, as two arrays. */
function codesOf(output: Float32Array, latent: number): Codes {
  const count = output.length / (2 * latent);
  const halves = { means: new Float32Array(count * latent), logVariances: new Float32Array(count * latent) };
  for (let row = 0; row < count; row++) {
    const start = row * 2 * latent;
    halves.means.set(output.subarray(start, start + latent), row * latent);
    halves.logVariances.set(output.subarray(start + latent, start + 2 * latent), row * latent);
  }
  return halves;
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

const picturing = ({ weights, running }: NetworkTensors): NetworkWeights => ({
  weights: copyOf(weights),
  running: copyOf(running),
});

const download = ({ weights, firstMoment, secondMoment, running }: NetworkTensors): NetworkState => ({
  weights: copyOf(weights),
  firstMoment: copyOf(firstMoment),
  secondMoment: copyOf(secondMoment),
  running: copyOf(running),
});
