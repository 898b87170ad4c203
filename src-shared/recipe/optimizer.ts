import { z } from 'zod';

/** Two learning rates, G's and D's, are two time scales (TTUR). */
const learningRate = (usual: number) =>
  z.number().gt(0).max(1).default(usual).meta({
    title: 'Learning rate',
    description:
      'Size of each step. Too large: it never settles. Too small: it never gets there. Generator and discriminator have each their own: a faster discriminator (two time scales, Heusel et al. 2017) can do with one update a step.',
  });

const beta1 = z
  .number()
  .min(0)
  .lt(1)
  .default(0.5)
  .meta({ title: 'β₁', description: 'How long the direction of past steps is remembered.' });

const beta2 = z
  .number()
  .min(0)
  .lt(1)
  .default(0.999)
  .meta({ title: 'β₂', description: 'How long the size of past gradients is remembered.' });

const epsilon = z
  .number()
  .gt(0)
  .max(0.1)
  .default(1e-8)
  .meta({ title: 'Epsilon', description: 'Keeps the division by the gradient’s size finite.' });

const momentum = (usual: number) =>
  z.number().min(0).lt(1).default(usual).meta({
    title: 'Momentum',
    description: 'How much of the last step is taken again. Steps that agree add up, steps to and fro cancel. 0: none.',
  });

/** Adam (Kingma and Ba 2015); GANs use a small first momentum (DCGAN: 0.5). */
export const AdamSettings = z.strictObject({
  kind: z.literal('adam').default('adam'),
  learningRate: learningRate(2e-4),
  beta1,
  beta2,
  epsilon,
});
export type AdamSettings = z.output<typeof AdamSettings>;

const settings = {
  adam: AdamSettings,
  adamW: z.strictObject({
    kind: z.literal('adamW'),
    learningRate: learningRate(2e-4),
    beta1,
    beta2,
    epsilon,
    weightDecay: z.number().min(0).max(1).default(0.01).meta({
      title: 'Weight decay',
      description: 'Times the learning rate: the part that each weight loses in a step, whatever its gradient.',
    }),
  }),
  rmsprop: z.strictObject({
    kind: z.literal('rmsprop'),
    learningRate: learningRate(5e-5),
    smoothing: z.number().min(0).lt(1).default(0.99).meta({
      title: 'Smoothing α',
      description: 'How long the size of past gradients is remembered.',
    }),
    momentum: momentum(0),
    epsilon,
  }),
  sgd: z.strictObject({
    kind: z.literal('sgd'),
    learningRate: learningRate(0.01),
    momentum: momentum(0.9),
    nesterov: z.boolean().default(false).meta({
      title: 'Nesterov',
      description: 'Takes the momentum’s step first and the gradient’s from there, which overshoots less.',
    }),
  }),
} as const;

export type OptimizerId = keyof typeof settings;

/** Every optimiser, as users meet it; the mathematics is in src-main/gan/optimizers/<id>.ts. */
export const optimizerChoices: Readonly<
  Record<OptimizerId, { readonly title: string; readonly help: string; readonly settings: z.ZodObject }>
> = {
  adam: {
    title: 'Adam',
    help: 'Each weight moves by its mean gradient over that gradient’s usual size, so all learn at a like pace. What nearly every GAN is trained with.',
    settings: settings.adam,
  },
  adamW: {
    title: 'AdamW',
    help: 'Adam that also lets every weight shrink a little in each step (Loshchilov and Hutter 2019), which keeps a discriminator from growing without end.',
    settings: settings.adamW,
  },
  rmsprop: {
    title: 'RMSprop',
    help: 'Divides the gradient by its usual size, without Adam’s mean of directions. The first Wasserstein GAN used it with 0.00005 (Arjovsky et al. 2017).',
    settings: settings.rmsprop,
  },
  sgd: {
    title: 'Gradient descent',
    help: 'A step down the gradient, with momentum. The plainest of all, and the one with the least memory; GANs seldom train well with it, which is worth seeing once.',
    settings: settings.sgd,
  },
};

export const OptimizerSettings = z.discriminatedUnion('kind', [
  settings.adam,
  settings.adamW,
  settings.rmsprop,
  settings.sgd,
]);
export type OptimizerSettings = z.output<typeof OptimizerSettings>;

/** What is done to one network's gradient before its optimiser gets it. */
export const ClippingSettings = z.strictObject({
  value: z.number().min(0).max(1e6).default(0).meta({
    title: 'Clip each number',
    description: 'No number of the gradient is larger than this, up or down. 0: not clipped.',
  }),
  norm: z.number().min(0).max(1e6).default(0).meta({
    title: 'Clip the length',
    description:
      'A gradient that is longer than this as a whole (its norm over all weights of the network) is shortened to it, direction kept: one wild batch cannot throw the network off. 1 to 10; 0: not clipped.',
  }),
});
export type ClippingSettings = z.output<typeof ClippingSettings>;
