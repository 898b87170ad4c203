import { fillRandom, streams, uniform } from '#shared/math/random';
import { translationReach } from '#shared/recipe/augmentation';
import type { Recipe } from '#shared/recipe/recipe';
import type { Gan } from './network';
import { NoisePlan } from './noise';
import type { StepInputs } from './stepInputs';

/** All random numbers of a step, drawn by the host: counted from the seed, so that a run that goes on draws what an uninterrupted one draws. */
export type Draws = Pick<StepInputs, 'z' | 'shifts' | 'mix' | 'noise'>;

/** Shifts drawn for each real picture seen: (2·u + 1)·2 numbers for u updates, which is at most so many each. */
const SHIFTS_EACH = 6;

/** The draws of the step after `seen` real pictures, `batch` to an update. */
export function drawStep(gan: Gan, batch: number, seed: number, seen: number): Draws {
  const { latent, image, training, augmentation, regularizer } = gan.recipe;
  const count = training.discriminatorSteps * batch;
  const z = fillRandom(new Float32Array(count * latent.size), latent.distribution, seed, streams.latents, seen * latent.size); // prettier-ignore
  const reach = translationReach(augmentation, image.size);
  return {
    z,
    ...(reach > 0 && { shifts: drawShifts(reach, 2 * (2 * count + batch), seed, seen) }),
    ...(regularizer.kind === 'gradientPenalty' && { mix: drawMix(count, seed, seen) }),
    ...drawNoise(new NoisePlan(gan, batch), batch, training.discriminatorSteps, seed, seen),
  };
}

function drawShifts(reach: number, length: number, seed: number, seen: number): Float32Array {
  const shifts = fillRandom(new Float32Array(length), 'uniform', seed, streams.shifts, seen * SHIFTS_EACH);
  // Rounded to float32 a number just below 1 can be 1.
  return shifts.map((number) => Math.min(reach, Math.floor(((number + 1) / 2) * (2 * reach + 1)) - reach));
}

function drawNoise(plan: NoisePlan, batch: number, updates: number, seed: number, seen: number): Pick<Draws, 'noise'> {
  if (plan.size === 0) return {};
  const noise = new Float32Array(plan.size * updates);
  for (let update = 0; update < updates; update++) {
    plan.fill(noise.subarray(update * plan.size, (update + 1) * plan.size), seed, seen + update * batch);
  }
  return { noise };
}

function drawMix(length: number, seed: number, seen: number): Float32Array {
  return fillRandom(new Float32Array(length), 'uniform', seed, streams.mix, seen).map((number) => (number + 1) / 2);
}

/** Whether the real picture at a place of the endless sequence is mirrored. */
export function isMirrored(recipe: Recipe, seed: number, position: number): boolean {
  return recipe.augmentation.flip && uniform(seed, streams.mirror, position) < 0.5;
}
