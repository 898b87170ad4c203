import { z } from 'zod';

const weight = (of: string, usual: number) =>
  z
    .number()
    .min(0)
    .max(1000)
    .default(usual)
    .meta({
      title: `Weight, ${of}`,
      description: `What a difference between the scores of ${of === 'real' ? 'a real' : 'a generated'} picture and of itself shifted costs: its square times this. The paper’s is 10.`,
    });

const translation = z.number().min(0.01).max(0.5).default(0.125).meta({
  title: 'Shift',
  description: 'Largest shift of the second version, as a part of the side.',
});

const settings = {
  none: z.strictObject({ kind: z.literal('none') }),
  real: z.strictObject({ kind: z.literal('real'), realWeight: weight('real', 10), translation }),
  balanced: z.strictObject({
    kind: z.literal('balanced'),
    realWeight: weight('real', 10),
    fakeWeight: weight('generated', 10),
    translation,
  }),
} as const;

export type ConsistencyId = keyof typeof settings;

/** Every consistency regularisation of D, as users meet it. The mathematics is in src-main/gan/consistency.ts. */
export const consistencyChoices: Readonly<
  Record<ConsistencyId, { readonly title: string; readonly help: string; readonly settings: z.ZodObject }>
> = {
  none: {
    title: 'None',
    help: 'A picture and its shifted version may get scores as different as the discriminator likes.',
    settings: settings.none,
  },
  real: {
    title: 'On real pictures (CR)',
    help: 'The discriminator pays for scoring a real picture differently when it is shifted (Zhang et al. 2020): it learns what a picture shows, not where its pixels lie. One more look at the reals in each update.',
    settings: settings.real,
  },
  balanced: {
    title: 'On real and generated pictures (bCR)',
    help: 'As CR, on generated pictures too (Zhao et al. 2021), so that the generator gains nothing from artefacts that only shifts would show. Two more looks in each update.',
    settings: settings.balanced,
  },
};

export const ConsistencySettings = z.discriminatedUnion('kind', [settings.none, settings.real, settings.balanced]);
export type ConsistencySettings = z.output<typeof ConsistencySettings>;
