import { translationReach } from '#shared/recipe/augmentation';
import type { Shape, Tf } from '#shared/recipe/layerKind';
import type { LearningRates, Recipe } from '#shared/recipe/recipe';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Gan } from './network';
import { NoisePlan } from './noise';
import { optimizerOf } from './optimizer';
import type { Either, StepTensors } from './step';

/** What the host gives a step of u batches of N pictures: of a GAN one for each update of D (the recipe's `discriminatorSteps`), of a VAE one. */
export interface StepInputs {
  /** Latents, `[u·N, latent]`; of a VAE the ε that codes are drawn with. */
  readonly z: Float32Array;
  /** Real pictures in −1 … 1, `[u·N, H, W, C]`. */
  readonly real: Float32Array;
  readonly learningRates: LearningRates;
  /** Whole pixels, rows and columns, `[(2·u + 1)·N, 2]`: reals and fakes of each update, then the fakes that G learns from. Where the recipe translates. */
  readonly shifts?: Float32Array;
  /** `[u·N]` in 0 … 1, where the recipe's penalty mixes pictures. */
  readonly mix?: Float32Array;
  /** What the layers draw, as `NoisePlan` fills it, `u` plans one after another. Where a layer draws. */
  readonly noise?: Float32Array;
  /** What stays of the generator's average (emaKept of the recipe's training settings), where the recipe has one. */
  readonly emaKept?: number;
}

/** Numbers of `schedule` for G, and for each update of D: rate and epsilon, and for D whether the penalty's turn has come (1) or not (0). */
const SCHEDULE = { generator: 2, update: 3 } as const;

/** Shapes of a step's tensors by name, batch included. */
export function stepInputShapes(gan: Gan, batch: number): Readonly<Record<string, Shape>> {
  const { image, latent, training, augmentation, regularizer } = gan.recipe;
  const noise = new NoisePlan(gan, batch);
  const updates = training.discriminatorSteps;
  const { size, channels } = image;
  const shapes: Record<string, Shape> = {
    z: [updates * batch, latent.size],
    real: [updates * batch, size, size, channels],
    schedule: [SCHEDULE.generator + SCHEDULE.update * updates],
  };
  if (translationReach(augmentation, size) > 0) shapes['shifts'] = [(2 * updates + 1) * batch, 2];
  if (regularizer.kind === 'gradientPenalty') shapes['mix'] = [updates * batch];
  if (noise.size > 0) shapes['noise'] = [updates * noise.size];
  return shapes;
}

/** A step's numbers under the names of {@link stepInputShapes}; `step` are the D+G steps done before it. */
export function stepNumbers(
  { recipe }: Gan,
  { z, real, shifts, mix, noise, learningRates }: StepInputs,
  step: number,
): Readonly<Record<string, Float32Array | undefined>> {
  return { z, real, shifts, mix, noise, schedule: scheduled(recipe, learningRates, step) };
}

function scheduled(recipe: Recipe, rates: LearningRates, step: number): Float32Array {
  const { generator, discriminator } = recipe.optimizers;
  const updates = recipe.training.discriminatorSteps;
  const every = recipe.regularizer.kind === 'none' ? 1 : recipe.regularizer.every;
  const g = optimizerOf(generator.kind).schedule(generator, rates.generator, step + 1);
  const numbers = [g.rate, g.epsilon];
  for (let update = step * updates; update < (step + 1) * updates; update++) {
    const d = optimizerOf(discriminator.kind).schedule(discriminator, rates.discriminator ?? 0, update + 1);
    numbers.push(d.rate, d.epsilon, update % every === 0 ? 1 : 0);
  }
  return Float32Array.from(numbers);
}

/** The step's tensors from those of {@link stepInputShapes}; `eitherOf` turns an update's flag (1: take the penalty) into a choice. */
export function stepTensors(
  tf: Tf,
  { recipe }: Gan,
  tensors: Readonly<Record<string, Tensor>>,
  eitherOf: (penalise: Scalar) => Either,
): StepTensors {
  const updates = recipe.training.discriminatorSteps;
  const parts = (name: string, count: number): Tensor[] => {
    const tensor = tensors[name];
    if (!tensor) return [];
    return count === 1 ? [tensor] : tf.split(tensor, evenly(tensor, count));
  };
  const numbers = tf
    .split(tensors['schedule'] as Tensor, evenly(tensors['schedule'], SCHEDULE.generator + SCHEDULE.update * updates))
    .map((part) => tf.reshape(part, []) as Scalar);
  const [z, real, mix, noise, shifts] = [
    parts('z', updates),
    parts('real', updates),
    parts('mix', updates),
    parts('noise', updates),
    parts('shifts', 2 * updates + 1),
  ];
  return {
    generatorSchedule: { rate: numbers[0] as Scalar, epsilon: numbers[1] as Scalar },
    generatorShift: shifts[2 * updates],
    updates: Array.from({ length: updates }, (_, update) => {
      const [rate, epsilon, penalise] = numbers.slice(SCHEDULE.generator + SCHEDULE.update * update);
      return {
        z: z[update] as Tensor,
        real: real[update] as Tensor,
        schedule: { rate: rate as Scalar, epsilon: epsilon as Scalar },
        either: eitherOf(penalise as Scalar),
        realShift: shifts[2 * update],
        fakeShift: shifts[2 * update + 1],
        mix: mix[update],
        noise: noise[update] as Tensor1D | undefined,
      };
    }),
  };
}

const evenly = (tensor: Tensor | undefined, count: number): number[] =>
  new Array<number>(count).fill((tensor?.shape[0] ?? 0) / count);
