import { fail } from '#shared/contract/errors';
import type { Recipe } from '#shared/recipe/recipe';
import * as tf from '@tensorflow/tfjs-core';
import { Ema } from '../gan/ema';
import { buildGan, forward, unpack, type Gan } from '../gan/network';
import type { GeneratorAverage, NetworkState, TrainingState } from '../gan/state';
import { stepInputShapes, stepNumbers, stepTensors } from '../gan/stepInputs';
import { trainStep, type GanTensors, type NetworkTensors, type StepTensors } from '../gan/step';
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
    const session = new EagerTrainSession(buildGan(recipe), batchSize, state, await eagerBackend(provider));
    onPhase?.('Ready', 1);
    return session;
  },
  async generatorSession(recipe: Recipe, { provider }: EngineOptions): Promise<GeneratorSession> {
    return new EagerGeneratorSession(buildGan(recipe), await eagerBackend(provider));
  },
};

const closed = ({ info }: EagerBackend): never =>
  fail('engine.unavailable', { engine: 'eager', provider: info.provider, problem: 'the session is closed' });

class EagerTrainSession implements TrainSession {
  readonly info;
  readonly #serial = new Serial();
  readonly #ema: Ema | undefined;
  #state: GanTensors | undefined;
  #step: number;

  constructor(
    readonly gan: Gan,
    readonly batchSize: number,
    state: TrainingState,
    readonly backend: EagerBackend,
  ) {
    this.info = backend.info;
    this.#step = state.step;
    if (gan.recipe.training.emaHalfLife > 0) this.#ema = new Ema(state.ema ?? state.generator);
    useBackend(backend);
    this.#state = { generator: upload(state.generator), discriminator: upload(state.discriminator) };
  }

  step(inputs: StepInputs): Promise<StepResult> {
    return this.#serial.run(() => {
      const before = this.#state ?? closed(this.backend);
      useBackend(this.backend);
      const outcome = tf.tidy(() => trainStep(tf, this.gan, before, this.#inputTensors(inputs)));
      const { generator, discriminator, ...report } = outcome;
      this.#state = { generator, discriminator };
      this.#step += 1;
      this.#ema?.follow(picturing(generator), inputs.emaKept ?? 0);
      tf.dispose(before);
      const number = (scalar: tf.Scalar): number => scalar.dataSync()[0] as number;
      const result: StepResult = {
        lossD: number(report.lossD),
        lossG: number(report.lossG),
        dReal: number(report.dReal),
        dFake: number(report.dFake),
      };
      tf.dispose(report);
      return result;
    });
  }

  #inputTensors(inputs: StepInputs): StepTensors {
    const numbers = stepNumbers(this.gan, inputs, this.#step);
    const tensors = Object.entries(stepInputShapes(this.gan, this.batchSize)).map(([name, shape]) => [
      name,
      tf.tensor(numbers[name] ?? new Float32Array(0), [...shape]),
    ]);
    return stepTensors(tf, this.gan, Object.fromEntries(tensors) as Record<string, tf.Tensor>, (penalise) => {
      return (penalised, plain) => (penalise.dataSync()[0] === 1 ? penalised() : plain());
    });
  }

  readState(): Promise<TrainingState> {
    return this.#serial.run(() => {
      const { generator, discriminator } = this.#state ?? closed(this.backend);
      return {
        generator: download(generator),
        discriminator: download(discriminator),
        ...(this.#ema && { ema: this.#ema.read() }),
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
    readonly gan: Gan,
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
      const { generator, recipe } = this.gan;
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
