import { z } from 'zod';
import type { Initializer } from './layerKind';

/** The setting that layers with a kernel share: the spread of its starting values. */
export const initialDeviation = z.number().min(0).max(1).default(0.02).meta({
  title: 'Initial spread',
  description: 'Standard deviation of the normal distribution that the weights start from. DCGAN uses 0.02.',
});

/** The setting that says how a layer's kernel starts. */
export const initializer = z.enum(['normal', 'he', 'glorot', 'orthogonal']).default('normal').meta({
  title: 'Initial weights',
  description:
    '“normal” has the initial spread; “he” (He et al. 2015) and “glorot” (Glorot and Bengio 2010) choose it by the layer’s size, so that signals neither fade nor grow. He suits ReLU and leaky ReLU. “orthogonal” (Saxe et al. 2014) starts every layer as a rotation, which keeps lengths; BigGAN does so.',
});

/** How a kernel starts; `fanIn` and `fanOut` are the numbers that one output reads, and that one input reaches. */
export function kernelInit(
  settings: { readonly initializer: z.output<typeof initializer>; readonly initialDeviation: number },
  fanIn: number,
  fanOut: number,
): Initializer {
  switch (settings.initializer) {
    case 'normal':
      return weightInit(settings.initialDeviation);
    case 'he':
      return { kind: 'normal', mean: 0, deviation: Math.sqrt(2 / fanIn) };
    case 'glorot':
      return { kind: 'uniform', limit: Math.sqrt(6 / (fanIn + fanOut)) };
    case 'orthogonal':
      return { kind: 'orthogonal' };
  }
}

/** N(0, deviation), or zeros. */
export function weightInit(deviation: number): Initializer {
  return deviation === 0 ? { kind: 'zeros' } : { kind: 'normal', mean: 0, deviation };
}
