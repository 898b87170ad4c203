import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { AugmentNumbers } from './augment';
import type { StepNoise } from './noise';
import type { OptimizerState, Schedule } from './optimizer';

// Types, not interfaces: only those pass as TensorFlow.js's containers of tensors.

/** One network's flat vectors as tensors. */
export type NetworkTensors = OptimizerState & { readonly running: Tensor1D };

export type GanTensors = { readonly generator: NetworkTensors; readonly discriminator: NetworkTensors };

/** Runs one of two computations with equally many results of the same shapes: the first when the penalty's turn has come. */
export type Either = (penalised: () => Tensor[], plain: () => Tensor[]) => Tensor[];

/** What an update of D reads of one micro-batch of N pictures. */
export interface MicroBatch {
  /** `[N, latent]` */
  readonly z: Tensor;
  /** `[N, H, W, C]` in −1 … 1 */
  readonly real: Tensor;
  /** How the recipe changes what D sees. */
  readonly realChanges: AugmentNumbers;
  readonly fakeChanges: AugmentNumbers;
  /** `[N]` in 0 … 1, where the recipe's penalty mixes pictures. */
  readonly mix: Tensor | undefined;
  /** `[N]`, 1 where a pair of a real and a fake picture has its labels exchanged, where the recipe has label noise. */
  readonly exchanged: Tensor | undefined;
  /** Whole pixels `[N, 2]`, where the recipe compares D's outputs on a picture and on itself shifted. */
  readonly realShift: Tensor | undefined;
  readonly fakeShift: Tensor | undefined;
  /** Classes of the reals and of the fakes, `[N, classes]`, in a recipe with classes. */
  readonly realLabels: Tensor | undefined;
  readonly fakeLabels: Tensor | undefined;
  readonly noise: StepNoise;
}

/** What one update of D reads. */
export interface DiscriminatorInputs {
  readonly schedule: Schedule<Scalar>;
  /** Asked only where the recipe has a penalty that is not taken each time. */
  readonly either: Either;
  /** The parts that the batch is divided into; one where the recipe does not divide it. */
  readonly microBatches: readonly MicroBatch[];
}

/** What G learns from in one micro-batch: the last latents of D's updates once more. */
export interface GeneratorBatch {
  readonly z: Tensor;
  readonly labels: Tensor | undefined;
  readonly changes: AugmentNumbers;
}

export interface StepTensors {
  /** D's updates, one after another; G learns from the last one's latents. At least one. */
  readonly updates: readonly DiscriminatorInputs[];
  readonly generatorSchedule: Schedule<Scalar>;
  /** Standard deviation of the noise on what D sees, where the recipe has it. */
  readonly deviation: Scalar;
  readonly generated: readonly GeneratorBatch[];
}
