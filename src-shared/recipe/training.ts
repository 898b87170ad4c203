import { z } from 'zod';
import { fail } from '../contract/errors';
import { limits } from '../contract/limits';

/** How long a run is, and what a step is made of. */
export const TrainingSettings = z.strictObject({
  batchSize: z
    .int()
    .min(limits.batchMin)
    .max(limits.batchMax)
    .meta({ title: 'Batch size', description: 'Real and generated pictures seen in one update.', unit: 'pictures' }),
  /** The run's goal, in D+G steps. */
  steps: z.int().min(1).max(limits.stepsMax).meta({
    title: 'Steps',
    description: 'One step trains the generator once, and the discriminator once or more often.',
  }),
  discriminatorSteps: z.int().min(1).max(limits.discriminatorStepsMax).default(1).meta({
    title: 'D updates a step',
    description:
      'How often the discriminator learns for each time the generator does. More than one suits the Wasserstein loss.',
  }),
  microBatches: z.int().min(1).max(limits.microBatchesMax).default(1).meta({
    title: 'Micro-batches',
    description:
      'Computes each batch in so many equal parts and averages their gradients: the same update with the memory of one part, somewhat slower. Batch normalisation then sees a part at a time. 1: the whole batch at once.',
    group: 'memory',
  }),
  rateDecay: z.number().min(0).max(1).default(0).meta({
    title: 'Learning rate decay',
    description:
      'Last part of the steps over which both learning rates fall. 0: they stay; 0.5: they fall over the second half.',
    group: 'schedule',
  }),
  rateShape: z.enum(['linear', 'cosine']).default('linear').meta({
    title: 'Shape of the decay',
    description:
      'Linear: in a straight line. Cosine: slowly at first and at the end, fast between (Loshchilov and Hutter 2017).',
    group: 'schedule',
    needs: 'rateDecay',
  }),
  rateAtEnd: z.number().min(0).max(1).default(0.1).meta({
    title: 'Learning rate at the end',
    description: 'What is left of the learning rates after the last step, as a part of their beginning.',
    group: 'schedule',
    needs: 'rateDecay',
  }),
  warmUp: z.int().min(0).max(limits.stepsMax).default(0).meta({
    title: 'Warm-up',
    description:
      'Steps over which both learning rates rise in a straight line to their full size, so that the first gradients, which mean little, do little harm. 0: full from the first step.',
    unit: 'steps',
    group: 'schedule',
  }),
  emaHalfLife: z.int().min(0).max(1_000_000).default(0).meta({
    title: 'EMA half-life',
    description:
      'Pictures are made with an average of the generator’s weights over its latest steps, which halves a step’s share after so many pictures (at first sooner). It looks far better than the weights of the moment. 0: no average.',
    unit: 'pictures',
    group: 'memory',
  }),
});
export type TrainingSettings = z.output<typeof TrainingSettings>;

/** Pictures in each micro-batch of a batch; `recipe.batch-undivided` where it cannot be divided so. */
export function microBatchSize({ microBatches }: Pick<TrainingSettings, 'microBatches'>, batch: number): number {
  if (batch % microBatches === 0) return batch / microBatches;
  return fail('recipe.batch-undivided', { batch, parts: microBatches });
}

type RateSettings = Pick<TrainingSettings, 'steps' | 'rateDecay' | 'rateShape' | 'rateAtEnd' | 'warmUp'>;

/** The part of the learning rates that the step after `step` done ones takes: rising while they warm up, then 1, then falling to `rateAtEnd` at the goal. */
export function learningRateFactor(settings: RateSettings, step: number): number {
  const { warmUp } = settings;
  return Math.min(1, (step + 1) / Math.max(1, warmUp)) * decayed(settings, step);
}

function decayed({ steps, rateDecay, rateShape, rateAtEnd }: RateSettings, step: number): number {
  const constant = steps * (1 - rateDecay);
  if (rateDecay === 0 || step <= constant) return 1;
  const done = Math.min(1, (step - constant) / (steps - constant));
  const fallen = rateShape === 'linear' ? done : (1 - Math.cos(Math.PI * done)) / 2;
  return 1 - (1 - rateAtEnd) * fallen;
}

/** The EMA's half-life is at most this part of the pictures seen, so that the first, poor weights are soon forgotten (Karras et al. 2020). */
const EMA_RAMP = 0.05;

/**
 * What stays of the generator's moving average (EMA) in a step of `images` real pictures after which `seen` have been seen:
 * ½ to the power of images / min(half-life, 0.05 · seen + 1). 0 without EMA.
 */
export function emaKept({ emaHalfLife }: TrainingSettings, images: number, seen: number): number {
  return emaHalfLife === 0 ? 0 : 0.5 ** (images / Math.min(emaHalfLife, EMA_RAMP * seen + 1));
}
