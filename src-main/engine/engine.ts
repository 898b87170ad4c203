import type { EngineInfo, Figures, ProviderId } from '#shared/contract/types';
import type { Recipe } from '#shared/recipe/recipe';
import type { GeneratorWeights, NetworkWeights, TrainingState } from '../gan/state';
import type { StepInputs } from '../gan/stepInputs';

export type { GeneratorWeights, NetworkState, NetworkWeights, TrainingState } from '../gan/state';
export type { StepInputs } from '../gan/stepInputs';

/** What a step came to, as the training report has it. */
export type StepResult = Figures;

/**
 * Progress of a compilation or a loading: a phase in words and a fraction 0 … 1, told before its work begins. What is waited for goes on only then, and
 * ends with what it rejects with: that is how a stop is heard.
 */
export type OnPhase = (phase: string, fraction: number) => void | Promise<void>;

/** A recipe made ready to train at one batch size. Its state lives with the engine until it is read. */
export interface TrainSession {
  readonly info: EngineInfo;
  /** One step of the recipe's model. Rejects with a GanvasError when the provider failed; the state is then that before the step. */
  step(inputs: StepInputs): Promise<StepResult>;
  /** A copy of the state, for a checkpoint. */
  readState(): Promise<TrainingState>;
  /** A copy of what sampling needs of the generator (its average, and itself, where the recipe keeps one); cheaper than {@link readState}. */
  readGenerator(): Promise<GeneratorWeights>;
  /** Ends after the step in flight; a session is never closed amid one (ORT aborts the process). */
  close(): Promise<void>;
}

/** What an encoder tells of pictures: normal distributions in the latent space, `[count, latent]` each. */
export interface Codes {
  readonly means: Float32Array;
  readonly logVariances: Float32Array;
}

/** A VAE's encoder alone, any batch size, running statistics. */
export interface EncoderSession {
  readonly info: EngineInfo;
  /** Swaps the weights in; takes effect with the next picture. */
  setWeights(encoder: NetworkWeights): void;
  /** Codes of `count` pictures `[count, H, W, C]` in −1 … 1. */
  encode(pictures: Float32Array, count: number): Promise<Codes>;
  close(): Promise<void>;
}

/** The generator alone, any batch size, running statistics. */
export interface GeneratorSession {
  readonly info: EngineInfo;
  /** Swaps the weights in; takes effect with the next picture. */
  setWeights(generator: GeneratorWeights): void;
  /** Pictures of `count` latents `[count, latent]` with their classes `[count, classes]` (where the recipe has any): `[count, H, W, C]` in −1 … 1. */
  generate(z: Float32Array, count: number, labels?: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly provider: ProviderId;
  /** Threads of one operator; the trainer takes the machine's cores, the sampler one. */
  readonly threads: number;
  /** Without one, operators are written in their usual forms and nothing is timed. */
  readonly forms?: FormMemory;
}

/** What this machine was found to be fastest with, or a run was begun with: forms of heavy operators by problem (compiled/forms.ts), for one provider. */
export interface FormMemory {
  read(provider: ProviderId): Promise<ReadonlyMap<string, string>>;
  /** Told all that a session is about to be written in, known before or just found. */
  write(provider: ProviderId, forms: ReadonlyMap<string, string>): Promise<void>;
}

/** A way of running the GAN's mathematics: `eager` (imperative) or `compiled` (symbolic), with the same results. */
export interface Engine {
  readonly id: EngineInfo['engine'];
  trainSession(
    recipe: Recipe,
    batchSize: number,
    state: TrainingState,
    options: EngineOptions,
    onPhase?: OnPhase,
  ): Promise<TrainSession>;
  generatorSession(recipe: Recipe, options: EngineOptions): Promise<GeneratorSession>;
  /** Only of a recipe whose model has an encoder. */
  encoderSession(recipe: Recipe, options: EngineOptions): Promise<EncoderSession>;
}
