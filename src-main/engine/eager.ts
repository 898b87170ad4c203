import { fail } from '#shared/contract/errors';
import type { Recipe } from '#shared/recipe/recipe';
import * as tf from '@tensorflow/tfjs-core';
import { buildGan, forward, unpack, type Gan } from '../gan/network';
import { optimizerOf } from '../gan/optimizer';
import type { NetworkState, TrainingState } from '../gan/state';
import { trainStep, type GanTensors, type NetworkTensors } from '../gan/step';
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

  #inputTensors({ z, real, learningRateG, learningRateD, noise }: StepInputs) {
    const { size, channels } = this.gan.recipe.image;
    const schedule = (network: 'generator' | 'discriminator', learningRate: number) => {
      const settings = this.gan.recipe.optimizers[network];
      const { rate, epsilon } = optimizerOf(settings.kind).schedule(settings, learningRate, this.#step + 1);
      return { rate: tf.scalar(rate), epsilon: tf.scalar(epsilon) };
    };
    return {
      z: tf.tensor2d(z, [this.batchSize, this.gan.recipe.latent.size]),
      real: tf.tensor4d(real, [this.batchSize, size, size, channels]),
      generatorSchedule: schedule('generator', learningRateG),
      discriminatorSchedule: schedule('discriminator', learningRateD),
      ...(noise ? { noise: tf.tensor1d(noise) } : {}),
    };
  }

  readState(): Promise<TrainingState> {
    return this.#serial.run(() => {
      const { generator, discriminator } = this.#state ?? closed(this.backend);
      return { generator: download(generator), discriminator: download(discriminator), step: this.#step };
    });
  }

  readGenerator(): Promise<GeneratorWeights> {
    return this.#serial.run(() => {
      const { weights, running } = (this.#state ?? closed(this.backend)).generator;
      return { weights: copyOf(weights), running: copyOf(running), step: this.#step };
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

const download = ({ weights, firstMoment, secondMoment, running }: NetworkTensors): NetworkState => ({
  weights: copyOf(weights),
  firstMoment: copyOf(firstMoment),
  secondMoment: copyOf(secondMoment),
  running: copyOf(running),
});
