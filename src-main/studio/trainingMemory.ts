import { totalmem } from 'node:os';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { MemoryEstimate } from '#shared/contract/types';
import { leastTrainingBytes } from '#shared/recipe/memory';
import type { Recipe } from '#shared/recipe/recipe';
import type { Sampler } from '../trainer/sampler';

/** The rest of the machine needs some too. */
const SHARE_FOR_TRAINING = 0.9;
/** A recipe's memory is at most so many times the least it could be (measured: 2 to 6 times): what is far from the limit is not estimated at a start. */
const FAR_FROM_LEAST = 16;

type Estimating = Pick<Sampler, 'memory'>;

/** Memory of the machine, or of the container that this runs in (0: none is known). */
const memoryBytes = (): number => Math.min(totalmem(), process.constrainedMemory() || Infinity);

/** What training on the CPU takes; where that is more than there is, the fewest micro-batches that fit come with it. */
export async function estimateMemory(
  sampler: Estimating,
  recipe: Recipe,
  batchSize: number,
  presentBytes = memoryBytes(),
): Promise<MemoryEstimate> {
  const fitting = SHARE_FOR_TRAINING * presentBytes;
  const { state, step, total } = await sampler.memory(recipe, batchSize);
  const estimate = { batchSize, presentBytes, stateBytes: state, stepBytes: step, bytes: total };
  if (total <= fitting) return { ...estimate, fits: true };
  for (const microBatches of finerParts(recipe.training.microBatches, batchSize)) {
    const divided = { ...recipe, training: { ...recipe.training, microBatches } };
    const { total: bytes } = await sampler.memory(divided, batchSize);
    if (bytes <= fitting) return { ...estimate, fits: false, remedy: { microBatches, bytes } };
  }
  return { ...estimate, fits: false };
}

/** Into how many more equal parts a batch can be divided, each of at least as many pictures as the smallest batch. */
function finerParts(now: number, batchSize: number): number[] {
  return Array.from({ length: limits.microBatchesMax }, (_, index) => index + 1).filter(
    (parts) => parts > now && batchSize % parts === 0 && batchSize / parts >= limits.batchMin,
  );
}

const inGigabytes = (bytes: number): number => Math.round((10 * bytes) / 2 ** 30) / 10;

/**
 * Fails where training on the CPU needs more memory than there is: the system would end the program, and with it what is not saved. The failure
 * names the micro-batches that would fit.
 */
export async function checkMemory(
  sampler: Estimating,
  recipe: Recipe,
  batchSize: number,
  presentBytes = memoryBytes(),
): Promise<void> {
  if (FAR_FROM_LEAST * leastTrainingBytes(recipe, batchSize) < presentBytes) return;
  const { fits, bytes, remedy } = await estimateMemory(sampler, recipe, batchSize, presentBytes);
  if (fits) return;
  fail('training.too-large', {
    needed: inGigabytes(bytes),
    present: inGigabytes(presentBytes),
    ...(remedy && { parts: remedy.microBatches }),
  });
}
