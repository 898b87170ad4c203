import { z } from 'zod';

/** Changes to pictures before D sees them, drawn anew each time, so that few pictures count as many. */
export const AugmentationSettings = z.strictObject({
  flip: z.boolean().default(false).meta({
    title: 'Mirror',
    description:
      'Half of the real pictures are mirrored left to right. Not for writing, or anything else that has a side.',
  }),
  translation: z.number().min(0).max(0.5).default(0).meta({
    title: 'Translation',
    description:
      'Largest shift, as a part of the side, of real and generated pictures before the discriminator looks (Zhao et al. 2020). 0.125 helps with a few hundred pictures.',
  }),
});
export type AugmentationSettings = z.output<typeof AugmentationSettings>;

/** Largest shift in whole pixels. */
export function translationReach({ translation }: AugmentationSettings, side: number): number {
  return Math.round(translation * side);
}
