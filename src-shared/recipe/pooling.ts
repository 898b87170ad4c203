import { z } from 'zod';
import { KERNEL_MAX, ownWidth, slidesOf, STRIDE_MAX, type WindowSettings } from './convolution';
import { featureMap, type Shape } from './layerKind';

/** The settings that the poolings share; by default each side is halved. */
export const poolingSettings = z.strictObject({
  size: z
    .int()
    .min(1)
    .max(KERNEL_MAX)
    .default(2)
    .meta({ title: 'Window', description: 'Side of the square window that becomes one pixel.', unit: 'px' }),
  stride: z.int().min(1).max(STRIDE_MAX).default(2).meta({
    title: 'Stride',
    description: 'Pixels between neighbouring windows: 2 halves the resolution.',
    unit: 'px',
  }),
  padding: z.enum(['same', 'valid']).default('valid').meta({
    title: 'Padding',
    description: '“valid” takes whole windows alone; “same” lets windows reach over the edge, where nothing counts.',
  }),
  sizeWidth: ownWidth('window', 'Window width', KERNEL_MAX),
  strideWidth: ownWidth('stride', 'Stride across', STRIDE_MAX),
});
export type PoolingSettings = z.output<typeof poolingSettings>;

export const windowOf = ({ size, sizeWidth, ...others }: PoolingSettings): WindowSettings => ({
  kernel: size,
  kernelWidth: sizeWidth,
  ...others,
});

export function pooledShape(input: Shape, settings: PoolingSettings, layer: string): Shape {
  const [height, width, channels] = featureMap(input, layer);
  const { rows, columns } = slidesOf(height, width, windowOf(settings));
  return [rows.outSide, columns.outSide, channels];
}
