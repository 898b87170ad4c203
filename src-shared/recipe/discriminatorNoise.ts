import { z } from 'zod';
import { limits } from '../contract/limits';

/** What keeps D unsure while G is far behind. */
export const DiscriminatorNoiseSettings = z.strictObject({
  labels: z.number().min(0).max(0.5).default(0).meta({
    title: 'Label noise',
    description:
      'Part of the pictures whose label is wrong in an update: a real one counts as generated and a generated one as real. 0.05 keeps a discriminator from being sure of itself (Salimans et al. 2016).',
  }),
  pictures: z.number().min(0).max(2).default(0).meta({
    title: 'Instance noise',
    description:
      'Spread of the noise on every picture that the discriminator sees, which makes real and generated ones overlap (Sønderby et al. 2017; Arjovsky and Bottou 2017). Pictures span −1 to 1: 0.1 to start with.',
  }),
  picturesSteps: z.int().min(0).max(limits.stepsMax).default(0).meta({
    title: 'Instance noise ends after',
    description: 'Steps over which the spread falls in a straight line to nothing. 0: it stays.',
    unit: 'steps',
    needs: 'pictures',
  }),
});
export type DiscriminatorNoiseSettings = z.output<typeof DiscriminatorNoiseSettings>;

/** Standard deviation of the noise on pictures in the step after `step` done ones. */
export function instanceDeviation({ pictures, picturesSteps }: DiscriminatorNoiseSettings, step: number): number {
  return picturesSteps === 0 ? pictures : pictures * Math.max(0, 1 - step / picturesSteps);
}
