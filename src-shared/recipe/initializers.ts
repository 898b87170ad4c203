import { z } from 'zod';
import type { Initializer } from './layerKind';

/** The setting that layers with a kernel share: the spread of its starting values. */
export const initialDeviation = z.number().min(0).max(1).default(0.02).meta({
  title: 'Initial spread',
  description: 'Standard deviation of the normal distribution that the weights start from. DCGAN uses 0.02.',
});

/** N(0, deviation), or zeros. */
export function weightInit(deviation: number): Initializer {
  return deviation === 0 ? { kind: 'zeros' } : { kind: 'normal', mean: 0, deviation };
}
