import { z } from 'zod';
import { slideOf, type WindowSettings } from './convolution';
import { featureMap, type Shape } from './layerKind';

/** The settings that the poolings share; by default each side is halved. */
export const poolingSettings = z.strictObject({
  size: z
    .int()
    .min(1)
    .max(15)
    .default(2)
    .meta({ title: 'Window', description: 'Side of the square window that becomes one pixel.', unit: 'px' }),
  stride: z.int().min(1).max(8).default(2).meta({
    title: 'Stride',
    description: 'Pixels between neighbouring windows: 2 halves the resolution.',
    unit: 'px',
  }),
  padding: z.enum(['same', 'valid']).default('valid').meta({
    title: 'Padding',
    description: '“valid” takes whole windows alone; “same” lets windows reach over the edge, where nothing counts.',
  }),
});
export type PoolingSettings = z.output<typeof poolingSettings>;

export const windowOf = ({ size, stride, padding }: PoolingSettings): WindowSettings => ({
  kernel: size,
  stride,
  padding,
});

export function pooledShape(input: Shape, settings: PoolingSettings, layer: string): Shape {
  const [height, width, channels] = featureMap(input, layer);
  const side = (before: number) => slideOf(before, windowOf(settings)).outSide;
  return [side(height), side(width), channels];
}
