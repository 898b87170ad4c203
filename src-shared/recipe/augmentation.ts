import { z } from 'zod';

const strength = (title: string, description: string, most = 1) =>
  z.number().min(0).max(most).default(0).meta({ title, description });

/** Changes to pictures before D sees them, drawn anew each time, so that few pictures count as many (DiffAugment, Zhao et al. 2020). */
export const AugmentationSettings = z.strictObject({
  flip: z.boolean().default(false).meta({
    title: 'Mirror',
    description:
      'Half of the real pictures are mirrored left to right, as if the set were twice as large. That is part of the pictures, not a change that the discriminator sees through: adaptive augmentation leaves it as it is, and so do generated pictures. Not for writing, or anything else that has a side.',
  }),
  translation: z.number().min(0).max(0.5).default(0).meta({
    title: 'Translation',
    description:
      'Largest shift, as a part of the side, of real and generated pictures before the discriminator looks (Zhao et al. 2020). 0.125 helps with a few hundred pictures.',
  }),
  cutout: strength(
    'Cutout',
    'Side of a square, as a part of the picture’s, that is greyed out somewhere in real and generated pictures, so that the discriminator looks at all of it. 0.5 with few pictures.',
  ),
  brightness: strength(
    'Brightness',
    'How much lighter or darker at most; pictures span −1 to 1. 0.5 with few pictures.',
  ),
  saturation: strength(
    'Saturation',
    'By what part at most colours become paler or stronger. 1 with few pictures; nothing in grey ones.',
  ),
  contrast: strength('Contrast', 'By what part at most contrast becomes less or more. 0.5 with few pictures.'),
  adaptive: z.boolean().default(false).meta({
    title: 'Adaptive',
    description:
      'Makes each change above, mirroring apart, to only part of the pictures: none at first, more while the discriminator begins to know the real ones by heart, fewer when it does not (ADA, Karras et al. 2020).',
  }),
  adaptiveTarget: z.number().min(0).max(1).default(0.6).meta({
    title: 'Target r_t',
    description:
      'How sure of the real pictures the discriminator may be: the mean sign of its verdicts on them, 0 undecided, 1 always “real”. Above it pictures are changed more often. The paper’s is 0.6.',
    needs: 'adaptive',
  }),
  adaptivePictures: z.int().min(1000).max(10_000_000).default(100_000).meta({
    title: 'Pictures to adapt',
    description:
      'Pictures after which the part that is changed can have gone from none to all. The paper’s is 500 000.',
    needs: 'adaptive',
  }),
});
export type AugmentationSettings = z.output<typeof AugmentationSettings>;
