import { fillRandom, streams, uniform } from '#shared/math/random';
import type { Recipe } from '#shared/recipe/recipe';
import { mixesPictures } from '#shared/recipe/regularizer';
import { allAugments, augmentsOf, type Augment } from './augment';
import { comparedVersions, consistencyReach } from './consistency';
import type { Gan } from './network';
import { NoisePlan } from './noise';
import { drawLabels } from './labelDraws';
import type { StepInputs } from './stepInputs';
import { shiftOf } from './translate';

/** All random numbers of a step, drawn by the host: counted from the seed, so that a run that goes on draws what an uninterrupted one draws. */
export type Draws = Pick<StepInputs, 'z' | 'changes' | 'mix' | 'exchanged' | 'versions' | 'fakeLabels' | 'noise'>;

/** A step of u updates looks at (2·u + 1)·N pictures for its u·N real ones, which is at most so many for each. */
const LOOKS_EACH = 3;

/**
 * The draws of the step after `seen` real pictures, `batch` to an update; each picture is changed in each way with this probability. `frequencies` of the
 * classes among the real pictures are equal unless told.
 */
export function drawStep(
  gan: Gan,
  batch: number,
  seed: number,
  seen: number,
  probability = 1,
  frequencies: readonly number[] = gan.recipe.classes.map(() => 1),
): Draws {
  const { recipe } = gan;
  const { latent, training, regularizer, discriminatorNoise } = recipe;
  const count = training.discriminatorSteps * batch;
  const z = fillRandom(new Float32Array(count * latent.size), latent.distribution, seed, streams.latents, seen * latent.size); // prettier-ignore
  const augments = augmentsOf(recipe);
  const changes = () =>
    augments.map((one) => [one.id, drawChanges(one, recipe, 2 * count + batch, seed, seen, probability)]);
  const versions = comparedVersions(recipe);
  return {
    z,
    ...(augments.length > 0 && { changes: Object.fromEntries(changes()) as Record<string, Float32Array> }),
    ...(mixesPictures(regularizer) && { mix: drawShares(count, seed, streams.mix, seen) }),
    ...(discriminatorNoise.labels > 0 && { exchanged: drawExchanges(count, discriminatorNoise.labels, seed, seen) }),
    ...(versions > 0 && { versions: drawVersions(recipe, versions * count, seed, seen) }),
    ...(frequencies.length > 0 && { fakeLabels: drawLabels(frequencies, count, seed, seen) }),
    ...drawNoise(new NoisePlan(gan, batch), batch, training.discriminatorSteps, seed, seen),
  };
}

/** What one change does to each of `looks` pictures, one after another; a step's first reals come first. */
export function drawChanges(
  { stream, unchanged, numbers, id }: Augment,
  recipe: Recipe,
  looks: number,
  seed: number,
  seen: number,
  probability = 1,
): Float32Array {
  const each = unchanged.length;
  const drawn = fillRandom(new Float32Array(looks * each), 'uniform', seed, stream, seen * LOOKS_EACH * each);
  const place = allAugments.findIndex((one) => one.id === id);
  for (let look = 0; look < looks; look++) {
    const own = drawn.subarray(look * each, (look + 1) * each);
    const position = (seen * LOOKS_EACH + look) * allAugments.length + place;
    const isChanged = probability === 1 || uniform(seed, streams.applied, position) < probability;
    own.set(isChanged ? numbers([...own], recipe) : unchanged);
  }
  return drawn;
}

function drawNoise(plan: NoisePlan, batch: number, updates: number, seed: number, seen: number): Pick<Draws, 'noise'> {
  if (plan.size === 0) return {};
  const noise = new Float32Array(plan.size * updates);
  for (let update = 0; update < updates; update++) {
    plan.fill(noise.subarray(update * plan.size, (update + 1) * plan.size), seed, seen + update * batch);
  }
  return { noise };
}

/** Numbers in 0 … 1, one for each real picture. */
function drawShares(length: number, seed: number, stream: number, seen: number): Float32Array {
  return fillRandom(new Float32Array(length), 'uniform', seed, stream, seen).map((number) => (number + 1) / 2);
}

function drawExchanges(length: number, probability: number, seed: number, seen: number): Float32Array {
  return drawShares(length, seed, streams.labels, seen).map((share) => (share < probability ? 1 : 0));
}

function drawVersions(recipe: Recipe, pictures: number, seed: number, seen: number): Float32Array {
  const reach = consistencyReach(recipe);
  // Two shifts of two numbers for each real picture at most.
  const drawn = fillRandom(new Float32Array(pictures * 2), 'uniform', seed, streams.consistency, seen * 4);
  return drawn.map((number) => shiftOf(number, reach));
}

/** Whether the real picture at a place of the endless sequence is mirrored. */
export function isMirrored(recipe: Recipe, seed: number, position: number): boolean {
  return recipe.augmentation.flip && uniform(seed, streams.mirror, position) < 0.5;
}
