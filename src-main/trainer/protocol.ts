import type { Budget } from '#shared/contract/api';
import type { ErrorData } from '#shared/contract/errors';
import type {
  DoctorReport,
  EngineId,
  EngineInfo,
  PictureBatch,
  ProviderId,
  Rendering,
  StepTime,
  TrainedPictures,
  TrainingReport,
} from '#shared/contract/types';
import type { Recipe } from '#shared/recipe/recipe';
import type { TrainingMemory } from '../engine/compiled/memory/estimate';
import type { Codes, GeneratorWeights } from '../engine/engine';
import type { AugmentOrder } from './augment';
import type { TimingOrder } from './timing';

/** What the main thread asks of the training worker. One run at a time; runs follow each other in the same worker. */
export type TrainerRequest =
  /** `examineFirst`: nobody knows yet what is fastest here, so the devices are tried, and the best of them takes the place of the order's engine and provider. */
  | { readonly kind: 'start'; readonly run: RunOrder; readonly examineFirst: boolean }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Ends after the step in flight, with a checkpoint. */
  | { readonly kind: 'stop'; readonly reason: 'user' | 'interrupted' }
  /** Tries every engine and provider; answered by `examined` or `examinationFailed`. Never during a run. */
  | { readonly kind: 'examine'; readonly home: string; readonly threads: number }
  /** Ends the examination before its next piece of work. */
  | { readonly kind: 'endExamination' }
  /** Times steps of a recipe; answered by `timed` or `timingFailed`. `examineFirst` as for a start. Never during a run. */
  | { readonly kind: 'time'; readonly order: TimingOrder; readonly examineFirst: boolean }
  /** Ends the timing after the step in flight. */
  | { readonly kind: 'endTiming' }
  /** Ends the worker itself, after a run's last step. */
  | { readonly kind: 'close' };

export interface RunOrder {
  /** The program's own folder, where what this machine is fastest with is remembered. */
  readonly home: string;
  readonly projectDir: string;
  readonly runId: string;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly budget: Budget;
  readonly batchSize: number;
  readonly engine: EngineId;
  readonly provider: ProviderId;
  /** Whether the engine was chosen by name: what it lacks is said then, not covered up by another one. */
  readonly engineNamed: boolean;
  /** Why the CPU cannot train this (its memory is too small), so that it does not take over from a provider that fails. */
  readonly cpuProblem: ErrorData | undefined;
  readonly threads: number;
  /** Whether operators are written in their usual forms, not in those that are fastest here: for bits that depend on no timing. */
  readonly untuned: boolean;
  readonly checkpointEverySeconds: number;
  /** How often at least a sheet of samples is kept on disk at first; more rarely as the run gets longer. */
  readonly sampleEverySeconds: number;
  readonly reportEveryMs: number;
  /** How often the generator is handed out for pictures while training. */
  readonly snapshotEveryMs: number;
}

/** What the training worker, and whoever watches over it, tells of the run in progress; `stopped` is the last. */
export type TrainerEvent =
  /** Nothing was heard for so long, which is longer than there is reason for: a step may hang. */
  | { readonly kind: 'silent'; readonly step: number; readonly seconds: number }
  /** After that: something was. */
  | { readonly kind: 'heardAgain' }
  /** What the examination before a first start, or a first timing, found. */
  | { readonly kind: 'machine'; readonly report: DoctorReport }
  | { readonly kind: 'preparing'; readonly phase: string; readonly fraction: number }
  /** What it is trained on from here on; later changes of the pictures do not concern it. */
  | { readonly kind: 'pictures'; readonly pictures: TrainedPictures }
  | { readonly kind: 'training'; readonly engine: EngineInfo; readonly step: number; readonly goal: number }
  | { readonly kind: 'paused'; readonly step: number }
  | {
      readonly kind: 'report';
      readonly report: TrainingReport;
      /** Step at which the run will stop by itself, as known now. */
      readonly goal: number;
      readonly secondsLeft: number | undefined;
    }
  /** The generator as it is now, for the sampler; `keep`: its pictures of the fixed latents are to be kept on disk. */
  | { readonly kind: 'generator'; readonly generator: GeneratorWeights; readonly keep: boolean }
  | { readonly kind: 'checkpoint'; readonly step: number }
  /** Something that the user should read, though the run goes on. */
  | { readonly kind: 'warning'; readonly error: ErrorData }
  | {
      readonly kind: 'stopped';
      readonly reason: 'goal' | 'user' | 'interrupted' | 'error';
      readonly step: number;
      readonly error?: ErrorData;
    };

/** All that the training worker says. */
export type TrainerReply =
  | TrainerEvent
  | { readonly kind: 'examining'; readonly label: string; readonly done: number; readonly total: number }
  | { readonly kind: 'examined'; readonly report: DoctorReport }
  | { readonly kind: 'examinationFailed'; readonly error: ErrorData }
  | { readonly kind: 'timing'; readonly label: string; readonly done: number; readonly total: number }
  | { readonly kind: 'timed'; readonly time: StepTime }
  | { readonly kind: 'timingFailed'; readonly error: ErrorData };

/** What pictures are made from. */
export interface Latents {
  readonly count: number;
  /** `[count, latent]` */
  readonly z: Float32Array;
  /** `[count, classes]`, where the generator's recipe has classes. */
  readonly labels?: Float32Array;
}

/** What the main thread asks of the sampling worker, which renders while the trainer trains. Requests are answered in their order. */
export type SamplerRequest =
  /** The generator that the requests after it are about. */
  | { readonly kind: 'load'; readonly recipe: Recipe; readonly generator: GeneratorWeights }
  | ({ readonly kind: 'render'; readonly id: number } & Latents)
  /** Codes of pictures `[count, H, W, C]` in −1 … 1, by the encoder of the loaded generator. */
  | { readonly kind: 'encode'; readonly id: number; readonly pictures: Float32Array; readonly count: number }
  /** The loaded generator, or its encoder, as an ONNX file. */
  | { readonly kind: 'onnx'; readonly id: number; readonly network: 'generator' | 'encoder' }
  /** Pictures as D would see them; no generator is needed. */
  | { readonly kind: 'augment'; readonly id: number; readonly order: AugmentOrder }
  /** What training a recipe takes; about no generator. */
  | { readonly kind: 'memory'; readonly id: number; readonly recipe: Recipe; readonly batchSize: number }
  | { readonly kind: 'close' };

export type SamplerReply =
  | { readonly kind: 'rendered'; readonly id: number; readonly rendering: Rendering }
  | { readonly kind: 'encoded'; readonly id: number; readonly codes: Codes }
  | { readonly kind: 'onnx'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: 'memory'; readonly id: number; readonly memory: TrainingMemory }
  | { readonly kind: 'augmented'; readonly id: number; readonly pictures: PictureBatch }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorData };
