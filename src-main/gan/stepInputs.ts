import { instanceDeviation } from '#shared/recipe/discriminatorNoise';
import type { Shape, Tf } from '#shared/recipe/layerKind';
import type { LearningRates, Recipe } from '#shared/recipe/recipe';
import { mixesPictures } from '#shared/recipe/regularizer';
import { microBatchSize } from '#shared/recipe/training';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { augmentsOf, type AugmentNumbers } from './augment';
import { comparedVersions } from './consistency';
import type { Gan } from './network';
import { NoisePlan } from './noise';
import { optimizerOf, scheduleAt, scheduleNames } from './optimizer';
import type { TrainingState } from './state';
import type { DiscriminatorInputs, Either, StepTensors } from './stepTensors';

/** What the host gives a step of u batches of N pictures: of a GAN one for each update of D (the recipe's `discriminatorSteps`), of a VAE one. */
export interface StepInputs {
  /** Latents, `[u·N, latent]`; of a VAE the ε that codes are drawn with. */
  readonly z: Float32Array;
  /** Real pictures in −1 … 1, `[u·N, H, W, C]`. */
  readonly real: Float32Array;
  readonly learningRates: LearningRates;
  /** Of each change that the recipe makes to what D sees, by its id: `[(2·u + 1)·N, k]`, reals and fakes of each update, then the fakes that G learns from. */
  readonly changes?: Readonly<Record<string, Float32Array>>;
  /** `[u·N]` in 0 … 1, where the recipe's penalty mixes pictures. */
  readonly mix?: Float32Array;
  /** `[u·N]`, 1 where a pair's labels are exchanged, where the recipe has label noise. */
  readonly exchanged?: Float32Array;
  /** Whole pixels `[v·u·N, 2]` of the v second versions that the recipe compares, v parts for each update. */
  readonly versions?: Float32Array;
  /** Classes of the reals, one-hot, `[u·N, classes]`; and those that the fakes are made of. In a recipe with classes. */
  readonly labels?: Float32Array;
  readonly fakeLabels?: Float32Array;
  /** What the passes draw, as `NoisePlan` fills it, `u` plans one after another. Where one does. */
  readonly noise?: Float32Array;
  /** What stays of the generator's average (emaKept of the recipe's training settings), where the recipe has one. */
  readonly emaKept?: number;
}

/** Numbers of an update of D in the input `schedule`: its optimiser's, and whether the penalty has its turn. G's optimiser's come before, the deviation of instance noise behind. */
const OF_UPDATE = scheduleNames.length + 1;

/** Shapes of a step's tensors by name, batch included. What the recipe has off is none of them. */
export function stepInputShapes(gan: Gan, batch: number): Readonly<Record<string, Shape>> {
  const { image, latent, classes, training, regularizer, discriminatorNoise } = gan.recipe;
  const noise = new NoisePlan(gan, batch);
  const updates = training.discriminatorSteps;
  const { size, channels } = image;
  const shapes: Record<string, Shape> = {
    z: [updates * batch, latent.size],
    real: [updates * batch, size, size, channels],
    schedule: [scheduleNames.length + OF_UPDATE * updates + 1],
  };
  // Under a name of their own, or the compiler would merge G's two passes and hold the activations of all micro-batches from one to the other.
  if (microBatchSize(training, batch) < batch) shapes['zAgain'] = [batch, latent.size];
  for (const { id, unchanged } of augmentsOf(gan.recipe)) {
    shapes[id] = [(2 * updates + 1) * batch, unchanged.length];
  }
  if (mixesPictures(regularizer)) shapes['mix'] = [updates * batch];
  if (discriminatorNoise.labels > 0) shapes['exchanged'] = [updates * batch];
  const versions = comparedVersions(gan.recipe);
  if (versions > 0) shapes['versions'] = [versions * updates * batch, 2];
  if (classes.length > 0) {
    shapes['labels'] = [updates * batch, classes.length];
    shapes['fakeLabels'] = [updates * batch, classes.length];
  }
  if (noise.size > 0) shapes['noise'] = [updates * noise.size];
  return shapes;
}

/** The steps done before a step, and those that were done when each network's optimiser began. */
export type StepCount = Required<Pick<TrainingState, 'step' | 'optimizers'>>;

/** A step's numbers under the names of {@link stepInputShapes}. */
export function stepNumbers(
  { recipe }: Gan,
  { changes, learningRates, emaKept: _, ...numbers }: StepInputs,
  count: StepCount,
): Readonly<Record<string, Float32Array | undefined>> {
  const { z } = numbers;
  const zAgain = z.subarray(z.length - z.length / recipe.training.discriminatorSteps);
  return { ...numbers, ...changes, zAgain, schedule: scheduled(recipe, learningRates, count) };
}

function scheduled(recipe: Recipe, rates: LearningRates, { step, optimizers }: StepCount): Float32Array {
  const { generator, discriminator } = recipe.optimizers;
  const updates = recipe.training.discriminatorSteps;
  const every = recipe.regularizer.kind === 'none' ? 1 : recipe.regularizer.every;
  const g = optimizerOf(generator).schedule(generator, rates.generator, step - optimizers.generator.since + 1);
  const numbers = scheduleNames.map((name) => g[name]);
  for (let update = step * updates; update < (step + 1) * updates; update++) {
    const own = update - (optimizers.discriminator?.since ?? 0) * updates;
    const d = optimizerOf(discriminator).schedule(discriminator, rates.discriminator ?? 0, own + 1);
    numbers.push(...scheduleNames.map((name) => d[name]), update % every === 0 ? 1 : 0);
  }
  return Float32Array.from([...numbers, instanceDeviation(recipe.discriminatorNoise, step)]);
}

/** The step's tensors from those of {@link stepInputShapes}; `eitherOf` turns an update's flag (1: take the penalty) into a choice. */
export function stepTensors(
  tf: Tf,
  gan: Gan,
  tensors: Readonly<Record<string, Tensor>>,
  eitherOf: (penalise: Scalar) => Either,
): StepTensors {
  const { discriminatorSteps: updates, microBatches: parts } = gan.recipe.training;
  const divided = (name: string, count: number): Tensor[] => {
    const tensor = tensors[name];
    if (!tensor) return [];
    return count === 1 ? [tensor] : tf.split(tensor, evenly(tensor, count));
  };
  const schedule = tensors['schedule'] as Tensor;
  const numbers = tf.split(schedule, evenly(schedule, schedule.size)).map((part) => tf.reshape(part, []) as Scalar);
  const plan = new NoisePlan(gan, (tensors['z']?.shape[0] ?? 0) / updates);
  const noises = divided('noise', updates);
  const [z, real, mix, exchanged, realLabels, fakeLabels] = [
    divided('z', updates * parts),
    divided('real', updates * parts),
    divided('mix', updates * parts),
    divided('exchanged', updates * parts),
    divided('labels', updates * parts),
    divided('fakeLabels', updates * parts),
  ];
  const changes = augmentsOf(gan.recipe).map(({ id }) => [id, divided(id, (2 * updates + 1) * parts)] as const);
  const changesOf = (look: number, part: number): AugmentNumbers =>
    Object.fromEntries(changes.map(([id, all]) => [id, all[look * parts + part]]));
  const compared = comparedVersions(gan.recipe);
  const versions = divided('versions', compared * updates * parts);
  const versionOf = (update: number, version: number, part: number) =>
    version < compared ? versions[(update * compared + version) * parts + part] : undefined;
  const again = parts > 1 ? divided('zAgain', parts) : z.slice(-1);
  return {
    generatorSchedule: scheduleAt(numbers, 0),
    deviation: numbers.at(-1) as Scalar,
    generated: again.map((latents, part) => ({
      z: latents,
      labels: fakeLabels[(updates - 1) * parts + part],
      changes: changesOf(2 * updates, part),
    })),
    updates: Array.from({ length: updates }, (_, update): DiscriminatorInputs => {
      const at = scheduleNames.length + OF_UPDATE * update;
      const noise = plan.unpack(tf, noises[update] as Tensor1D | undefined, parts);
      return {
        schedule: scheduleAt(numbers, at),
        either: eitherOf(numbers[at + scheduleNames.length] as Scalar),
        microBatches: noise.map((drawn, part) => ({
          z: z[update * parts + part] as Tensor,
          real: real[update * parts + part] as Tensor,
          realChanges: changesOf(2 * update, part),
          fakeChanges: changesOf(2 * update + 1, part),
          mix: mix[update * parts + part],
          exchanged: exchanged[update * parts + part],
          realLabels: realLabels[update * parts + part],
          fakeLabels: fakeLabels[update * parts + part],
          realShift: versionOf(update, 0, part),
          fakeShift: versionOf(update, 1, part),
          noise: drawn,
        })),
      };
    }),
  };
}

const evenly = (tensor: Tensor, count: number): number[] =>
  new Array<number>(count).fill((tensor.shape[0] ?? 0) / count);
