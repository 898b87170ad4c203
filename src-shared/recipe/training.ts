import { z } from 'zod';
import { limits } from '../contract/limits';

/** How long a run is, and what a step is made of. */
export const TrainingSettings = z.strictObject({
  batchSize: z
    .int()
    .min(2)
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
  rateDecay: z.number().min(0).max(1).default(0).meta({
    title: 'Learning rate decay',
    description:
      'Last part of the steps over which both learning rates fall in a straight line. 0: they stay; 0.5: over the second half.',
  }),
  rateAtEnd: z.number().min(0).max(1).default(0.1).meta({
    title: 'Learning rate at the end',
    description: 'What is left of the learning rates after the last step, as a part of their beginning.',
  }),
  emaHalfLife: z.int().min(0).max(1_000_000).default(0).meta({
    title: 'EMA half-life',
    description:
      'Pictures are made with an average of the generator’s weights over its latest steps, which halves a step’s share after so many pictures (at first sooner). It looks far better than the weights of the moment. 0: no average.',
    unit: 'pictures',
  }),
});
export type TrainingSettings = z.output<typeof TrainingSettings>;

/** What is left of the learning rates for the step after `step` done ones: 1, then a straight line to `rateAtEnd` at the goal and beyond. */
export function learningRateFactor({ steps, rateDecay, rateAtEnd }: TrainingSettings, step: number): number {
  const constant = steps * (1 - rateDecay);
  if (rateDecay === 0 || step <= constant) return 1;
  return 1 - (1 - rateAtEnd) * Math.min(1, (step - constant) / (steps - constant));
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
