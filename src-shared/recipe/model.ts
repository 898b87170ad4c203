import { z } from 'zod';
import { limits } from '../contract/limits';
import type { Recipe } from './recipe';

/** The networks that a recipe may have. Every model has a generator; what stands beside it is the model's own. */
export const allNetworks = ['generator', 'discriminator', 'encoder'] as const;
export type NetworkName = (typeof allNetworks)[number];

type Beside = Exclude<NetworkName, 'generator'>;

/** Something of each network that a recipe has: of its generator, and of its discriminator or its encoder. */
export type ByNetwork<Value> = { readonly generator: Value } & { readonly [Name in Beside]?: Value };

/** What a VAE may compare pictures by; the mathematics is in src-main/gan/reconstructions/<id>.ts. */
export const reconstructionIds = ['gaussian', 'bce', 'mse'] as const;
export type ReconstructionId = (typeof reconstructionIds)[number];

const settings = {
  gan: z.strictObject({ kind: z.literal('gan') }),
  vae: z.strictObject({
    kind: z.literal('vae'),
    reconstruction: z.enum(reconstructionIds).default('gaussian').meta({
      title: 'Likelihood',
      description:
        'How a picture and its reconstruction are compared, summed over the pixels. gaussian: squared error, with a spread that follows what is reached (Rybkin et al. 2021), for any pictures. bce: cross-entropy, for pictures that are nearly black and white. mse: squared error with a spread of one.',
    }),
    beta: z.number().min(0).max(100).default(1).meta({
      title: 'β, weight of KL',
      description:
        'How much a latent code costs that is far from plain random numbers. Larger: samples of random numbers look better, reconstructions blurrier. 1 is the variational bound itself; another value makes it a β-VAE (Higgins et al. 2017).',
    }),
    warmUp: z.int().min(0).max(limits.stepsMax).default(0).meta({
      title: 'KL warm-up',
      description:
        'β rises from 0 over so many steps. It keeps the encoder from giving up its code before the generator can read it (posterior collapse).',
      unit: 'steps',
    }),
    freeBits: z.number().min(0).max(10).default(0).meta({
      title: 'Free bits',
      description:
        'Nats that each latent number may carry at no cost (Kingma et al. 2016): another remedy where most of them carry none. 0: all cost.',
      unit: 'nats',
    }),
  }),
} as const;

export const ModelSettings = z.discriminatedUnion('kind', [settings.gan, settings.vae]);
export type ModelSettings = z.output<typeof ModelSettings>;
export type ModelId = ModelSettings['kind'];
export type VaeSettings = z.output<typeof settings.vae>;

/** Every kind of generative model, as users meet it. The mathematics is in src-main/gan/models/<id>.ts. */
export const modelChoices: Readonly<
  Record<
    ModelId,
    {
      readonly title: string;
      readonly help: string;
      readonly settings: z.ZodObject;
      /** The networks that it trains, the generator first. */
      readonly networks: readonly ['generator', Beside];
    }
  >
> = {
  gan: {
    title: 'GAN',
    help: 'A generator and a discriminator play against each other: one makes pictures, the other tells them from real ones. Sharp pictures, but training is a balance of two.',
    settings: settings.gan,
    networks: ['generator', 'discriminator'],
  },
  vae: {
    title: 'VAE, variational autoencoder',
    help: 'An encoder describes each picture by a few uncertain numbers, and the generator (here called decoder) draws it again from them. Training is calm and real pictures have a place in the latent space; samples are softer than a GAN’s.',
    settings: settings.vae,
    networks: ['generator', 'encoder'],
  },
};

/** The names of a recipe's networks, the generator's first. */
export function networkNames({ model }: Pick<Recipe, 'model'>): readonly ['generator', Beside] {
  return modelChoices[model.kind].networks;
}

/** A value for each of the named networks, of which the generator is one. */
export function byNetwork<Value>(
  names: readonly NetworkName[],
  valueOf: (name: NetworkName) => Value,
): ByNetwork<Value> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as unknown as ByNetwork<Value>;
}
