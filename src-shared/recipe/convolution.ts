import { z } from 'zod';
import { LayerMisfit } from './layerKind';
import { initialDeviation } from './initializers';

/** The settings that convolution and transposed convolution share; defaults are DCGAN's 4×4, stride 2. */
export const convolutionSettings = z.strictObject({
  filters: z
    .int()
    .min(1)
    .max(4096)
    .default(64)
    .meta({ title: 'Filters', description: 'Channels that come out; each is one learned pattern.' }),
  kernel: z
    .int()
    .min(1)
    .max(15)
    .default(4)
    .meta({ title: 'Kernel', description: 'Side of the square patch that each output looks at.', unit: 'px' }),
  stride: z.int().min(1).max(8).default(2).meta({
    title: 'Stride',
    description: 'Pixels between neighbouring patches: 2 halves (or doubles) the resolution.',
    unit: 'px',
  }),
  padding: z.enum(['same', 'valid']).default('same').meta({
    title: 'Padding',
    description: '“same” surrounds the picture with zeros so that size depends on the stride alone; “valid” uses none.',
  }),
  useBias: z.boolean().default(true).meta({
    title: 'Bias',
    description: 'Adds a learned number to each channel. Not needed before batch normalisation.',
  }),
  initialDeviation,
});

export type ConvolutionSettings = z.output<typeof convolutionSettings>;

/** Output side of a convolution (Dumoulin and Visin 2016, section 2; TensorFlow's meaning of “same”). */
export function convolvedSide(side: number, { kernel, stride, padding }: ConvolutionSettings): number {
  if (padding === 'same') return Math.ceil(side / stride);
  if (side < kernel) {
    throw new LayerMisfit(
      `A ${kernel}×${kernel} kernel does not fit into ${side} pixels`,
      'Use a smaller kernel, or “same” padding',
    );
  }
  return Math.floor((side - kernel) / stride) + 1;
}

/** Output side of a transposed convolution, the smallest one whose convolution gives `side` back. */
export function transposedSide(side: number, { kernel, stride, padding }: ConvolutionSettings): number {
  return padding === 'same' ? side * stride : (side - 1) * stride + kernel;
}
