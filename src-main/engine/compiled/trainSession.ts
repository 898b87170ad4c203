import { fail } from '#shared/contract/errors';
import type { EngineInfo } from '#shared/contract/types';
import { byNetwork, networkNames } from '#shared/recipe/model';
import { figuresOf, modelOf, type Model } from '../../gan/model';
import { buildNetworks, type Network, type Networks } from '../../gan/network';
import { takenUp } from '../../gan/optimizerStart';
import type { NetworkWeights, GeneratorWeights, NetworkState, TrainingState } from '../../gan/state';
import type { StepCount } from '../../gan/stepInputs';
import type { EngineOptions, OnPhase, StepInputs, StepResult, TrainSession } from '../engine';
import { deviceOf, keepsTensors, partsAtMost } from '../device';
import { Serial } from '../serial';
import type { Recipe } from '#shared/recipe/recipe';
import { openDeviceMemory } from './deviceMemory';
import { openHostMemory } from './hostMemory';
import { inputTensors } from './inputTensors';
import { onnxRuntime, type Ort } from './runtime';
import { averageName, stateVectors, stepModel } from './stepModel';
import type { StepMemory } from './stepMemory';
import { fastestStepModel } from './tuneStep';

/** Traces, simplifies and emits the step for one batch size, and loads it. */
export async function compiledTrainSession(
  recipe: Recipe,
  batchSize: number,
  state: TrainingState,
  options: EngineOptions,
  onPhase?: OnPhase,
): Promise<TrainSession> {
  await onPhase?.('Loading ONNX Runtime', 0);
  const ort = await onnxRuntime();
  await onPhase?.('Compiling the training step', 0.2);
  const networks = buildNetworks(recipe);
  const taken = takenUp(recipe, state);
  const onDevice = keepsTensors(options.provider);
  const target = {
    provider: options.provider,
    average: onDevice && recipe.training.emaHalfLife > 0,
    partsAtMost: partsAtMost(options.provider),
  };
  const open = onDevice ? openDeviceMemory : openHostMemory;
  const model = options.forms
    ? await fastestStepModel(networks, batchSize, target, options, options.forms, {
        open,
        onTuning: (done, total) => onPhase?.('Trying what is fastest on this machine', 0.2 + (0.4 * done) / total),
      })
    : stepModel(networks, batchSize, target);
  await onPhase?.('Preparing the device', 0.6);
  const memory = await open(model, stateVectors(networks, taken), options);
  return new CompiledTrainSession(ort, networks, batchSize, taken, memory, options);
}

/** Training by one ONNX model, whose state a memory holds from step to step. */
class CompiledTrainSession implements TrainSession {
  readonly info: EngineInfo;
  readonly #serial = new Serial();
  readonly #networks: Networks;
  readonly #model: Model;
  readonly #ort: Ort;
  readonly #batchSize: number;
  readonly #optimizers: StepCount['optimizers'];
  #memory: StepMemory | undefined;
  #step: number;

  constructor(
    ort: Ort,
    networks: Networks,
    batchSize: number,
    { step, optimizers }: ReturnType<typeof takenUp>,
    memory: StepMemory,
    options: EngineOptions,
  ) {
    this.info = { engine: 'compiled', provider: options.provider, device: deviceOf(options.provider, options.threads) };
    this.#optimizers = optimizers;
    this.#ort = ort;
    this.#networks = networks;
    this.#model = modelOf(networks.recipe);
    this.#batchSize = batchSize;
    this.#memory = memory;
    this.#step = step;
  }

  step(inputs: StepInputs): Promise<StepResult> {
    return this.#serial.run(async () => {
      const tensors = inputTensors(this.#ort, this.#networks, this.#batchSize, inputs, {
        step: this.#step,
        optimizers: this.#optimizers,
      });
      const figures = await this.#open().step(tensors, inputs.emaKept ?? 0);
      this.#step += 1;
      const names = this.#model.figures(this.#networks.recipe);
      return figuresOf(names.map((name, at) => [name, figures[at] ?? NaN]));
    });
  }

  readState(): Promise<TrainingState> {
    return this.#serial.run(async () => {
      const networks: Partial<Record<Network['name'], NetworkState>> = {};
      for (const name of networkNames(this.#networks.recipe)) networks[name] = await this.#read(name);
      return {
        ...byNetwork(networkNames(this.#networks.recipe), (name) => networks[name] as NetworkState),
        ...(this.#hasAverage && { ema: await this.#readAverage() }),
        optimizers: this.#optimizers,
        step: this.#step,
      };
    });
  }

  readGenerator(): Promise<GeneratorWeights> {
    return this.#serial.run(async () => {
      const newest = await this.#readWeights('generator');
      const generator = this.#hasAverage ? { ...(await this.#readAverage()), newest } : newest;
      const encoder = this.#networks.encoder && { encoder: await this.#readWeights('encoder') };
      return { ...generator, ...encoder, step: this.#step };
    });
  }

  close(): Promise<void> {
    return this.#serial.run(async () => {
      const memory = this.#memory;
      this.#memory = undefined;
      await memory?.close();
    });
  }

  get #hasAverage(): boolean {
    return this.#networks.recipe.training.emaHalfLife > 0;
  }

  #open(): StepMemory {
    const { provider } = this.info;
    return this.#memory ?? fail('engine.unavailable', { engine: 'compiled', provider, problem: 'it was closed' });
  }

  async #read(network: Network['name']): Promise<NetworkState> {
    return {
      weights: await this.#vector('weights', network),
      firstMoment: await this.#vector('firstMoment', network),
      secondMoment: await this.#vector('secondMoment', network),
      running: await this.#vector('running', network),
    };
  }

  async #readWeights(network: Network['name']): Promise<NetworkWeights> {
    return { weights: await this.#vector('weights', network), running: await this.#vector('running', network) };
  }

  async #readAverage(): Promise<NetworkWeights> {
    return {
      weights: await this.#vector('weights', 'generator', averageName('weights')),
      running: await this.#vector('running', 'generator', averageName('running')),
    };
  }

  /** A copy of a vector; what the model does not carry is zero. */
  async #vector(
    part: keyof NetworkState,
    network: Network['name'],
    name = `${network}.${part}`,
  ): Promise<Float32Array> {
    const size = this.#networks[network]?.[part === 'running' ? 'running' : 'trained'].size ?? 0;
    return (await this.#open().read(name)) ?? new Float32Array(size);
  }
}
