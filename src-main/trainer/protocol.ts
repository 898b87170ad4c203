import type { Budget } from '#shared/contract/api';
import type { ErrorData } from '#shared/contract/errors';
import type { EngineId, EngineInfo, PictureBatch, ProviderId, TrainingReport } from '#shared/contract/types';
import type { Recipe } from '#shared/recipe/recipe';
import type { GeneratorWeights } from '../engine/engine';

/** What the main thread asks of the training worker. One run at a time; runs follow each other in the same worker. */
export type TrainerRequest =
  | { readonly kind: 'start'; readonly run: RunOrder }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Ends after the step in flight, with a checkpoint. */
  | { readonly kind: 'stop'; readonly reason: 'user' | 'interrupted' }
  | { readonly kind: 'doctor'; readonly id: number }
  /** Ends the worker itself, once nothing is in flight. */
  | { readonly kind: 'close' };

export interface RunOrder {
  readonly projectDir: string;
  readonly runId: string;
  readonly recipe: Recipe;
  readonly seed: number;
  /** True: begin at step 0; false: go on from the newest sound checkpoint. */
  readonly fresh: boolean;
  readonly budget: Budget;
  readonly batchSize: number;
  readonly engine: EngineId;
  readonly provider: ProviderId | 'auto';
  readonly threads: number;
  readonly checkpointEverySeconds: number;
  readonly sampleEverySeconds: number;
  readonly reportEveryMs: number;
}

/** What the training worker tells. */
export type TrainerEvent =
  | { readonly kind: 'preparing'; readonly phase: string; readonly fraction: number }
  | { readonly kind: 'training'; readonly engine: EngineInfo; readonly step: number; readonly goal: number }
  | { readonly kind: 'paused'; readonly step: number }
  | { readonly kind: 'report'; readonly report: TrainingReport; readonly secondsLeft: number | undefined }
  /** The generator as it is now, buffers transferred, for the sampler. */
  | { readonly kind: 'generator'; readonly generator: GeneratorWeights }
  | { readonly kind: 'checkpoint'; readonly step: number }
  /** Something that the user should read, though the run goes on. */
  | { readonly kind: 'warning'; readonly error: ErrorData }
  | {
      readonly kind: 'stopped';
      readonly reason: 'goal' | 'user' | 'interrupted' | 'error';
      readonly step: number;
      readonly error?: ErrorData;
    };

/** What the main thread asks of the sampling worker, which renders while the trainer trains. */
export type SamplerRequest =
  | { readonly kind: 'load'; readonly recipe: Recipe; readonly generator: GeneratorWeights }
  /** Latents `[count, latent]`; the answer carries the same id. */
  | { readonly kind: 'render'; readonly id: number; readonly z: Float32Array; readonly count: number }
  | { readonly kind: 'close' };

export type SamplerEvent =
  | { readonly kind: 'rendered'; readonly id: number; readonly step: number; readonly pictures: PictureBatch }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorData };
