import { z } from 'zod';

const every = (usual: number) =>
  z.int().min(1).max(64).default(usual).meta({
    title: 'Every',
    description:
      'Only every so many updates of the discriminator, then with as much more weight (lazy, Karras et al. 2020): nearly the same effect for less time.',
    unit: 'updates',
  });

const gamma = z.number().min(0).max(1000).default(1).meta({
  title: 'Weight γ',
  description:
    'How much steepness costs. Many pictures in grey: 1. A few hundred in colour: 0.1. Larger holds the discriminator back.',
});

const gradientSquared = <Kind extends string>(kind: Kind) =>
  z.strictObject({ kind: z.literal(kind), gamma, every: every(8) });

const settings = {
  none: z.strictObject({ kind: z.literal('none') }),
  r1: gradientSquared('r1'),
  r2: gradientSquared('r2'),
  r1r2: gradientSquared('r1r2'),
  gradientPenalty: z.strictObject({
    kind: z.literal('gradientPenalty'),
    lambda: z.number().min(0).max(1000).default(10).meta({
      title: 'Weight λ',
      description: 'How much a slope other than one costs. WGAN-GP uses 10.',
    }),
    every: every(1),
  }),
  zeroCentred: z.strictObject({
    kind: z.literal('zeroCentred'),
    lambda: z.number().min(0).max(1000).default(10).meta({
      title: 'Weight λ',
      description: 'How much steepness between real and generated pictures costs.',
    }),
    every: every(1),
  }),
} as const;

export type RegularizerId = keyof typeof settings;

/** Every penalty on the discriminator, as users meet it. The mathematics is in src-main/gan/regularizers/<id>.ts. */
export const regularizerChoices: Readonly<
  Record<RegularizerId, { readonly title: string; readonly help: string; readonly settings: z.ZodObject }>
> = {
  none: {
    title: 'None',
    help: 'The discriminator may become as steep as it likes. DCGAN trains so, with batch normalisation to hold it back.',
    settings: settings.none,
  },
  r1: {
    title: 'R1, on real pictures',
    help: 'The discriminator pays for reacting to small changes of real pictures (Mescheder et al. 2018). It stays smooth where it matters, and training settles instead of circling.',
    settings: settings.r1,
  },
  r2: {
    title: 'R2, on generated pictures',
    help: 'As R1, on generated pictures instead: it keeps the discriminator smooth where the generator is now.',
    settings: settings.r2,
  },
  r1r2: {
    title: 'R1 and R2',
    help: 'Both together, which the relativistic loss wants (Huang et al. 2024).',
    settings: settings.r1r2,
  },
  gradientPenalty: {
    title: 'Gradient penalty (WGAN-GP)',
    help: 'On pictures between real and generated ones the critic’s slope is drawn to one (Gulrajani et al. 2017). For the Wasserstein loss, with clipping set to 0 and no batch normalisation in the critic.',
    settings: settings.gradientPenalty,
  },
  zeroCentred: {
    title: 'Zero-centred, between the two (0-GP)',
    help: 'On pictures between real and generated ones the slope is drawn to nothing instead of one (Thanh-Tung et al. 2019): it suits every loss, and keeps the discriminator from learning the real pictures by heart.',
    settings: settings.zeroCentred,
  },
};

export const RegularizerSettings = z.discriminatedUnion('kind', [
  settings.none,
  settings.r1,
  settings.r2,
  settings.r1r2,
  settings.gradientPenalty,
  settings.zeroCentred,
]);
export type RegularizerSettings = z.output<typeof RegularizerSettings>;

/** Whether a penalty is taken on mixtures of real and generated pictures. */
export const mixesPictures = ({ kind }: RegularizerSettings): boolean =>
  kind === 'gradientPenalty' || kind === 'zeroCentred';
