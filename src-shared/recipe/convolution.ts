import { z } from 'zod';
import { LayerMisfit } from './layerKind';
import { initialDeviation, initializer } from './initializers';
import { spectralNorm } from './spectral';

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
  padding: z.enum(['same', 'valid', 'explicit']).default('same').meta({
    title: 'Padding',
    description:
      '“same” surrounds the picture so that size depends on the stride alone; “valid” uses none; “explicit” adds the border given below.',
  }),
  border: z.int().min(0).max(15).default(1).meta({
    title: 'Border',
    description: 'Pixels added on each side by “explicit” padding; other paddings ignore it.',
    unit: 'px',
  }),
  useBias: z.boolean().default(true).meta({
    title: 'Bias',
    description: 'Adds a learned number to each channel. Not needed before batch normalisation.',
  }),
  initializer,
  initialDeviation,
  spectralNorm,
});

/** How a window moves over a picture. */
export interface WindowSettings {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: 'same' | 'valid' | 'explicit';
  /** Pixels added on each side by `explicit` padding. */
  readonly border?: number;
}

/** A window's way along one side of a picture. */
export interface Slide {
  readonly side: number;
  readonly outSide: number;
  readonly kernel: number;
  readonly stride: number;
  /** Pixels added before the first one and behind the last. */
  readonly before: number;
  readonly behind: number;
}

/** Dumoulin and Visin 2016, section 2; “same” as TensorFlow means it, the odd pixel behind. */
export function slideOf(side: number, { kernel, stride, padding, border = 0 }: WindowSettings): Slide {
  if (padding === 'same') {
    const outSide = Math.ceil(side / stride);
    const added = Math.max(0, (outSide - 1) * stride + kernel - side);
    const before = Math.floor(added / 2);
    return { side, outSide, kernel, stride, before, behind: added - before };
  }
  const added = padding === 'explicit' ? border : 0;
  if (side + 2 * added < kernel) {
    throw new LayerMisfit(
      `A ${kernel}×${kernel} kernel does not fit into ${side + 2 * added} pixels`,
      'Use a smaller kernel, or “same” padding',
    );
  }
  const outSide = Math.floor((side + 2 * added - kernel) / stride) + 1;
  return { side, outSide, kernel, stride, before: added, behind: added };
}

/** What TensorFlow.js calls a layer's padding. */
export const tfPadding = ({ padding, border = 0 }: WindowSettings): 'same' | 'valid' | number =>
  padding === 'explicit' ? border : padding;

/** Output side of a transposed convolution, the smallest one whose convolution gives `side` back. */
export function transposedSide(side: number, { kernel, stride, padding, border = 0 }: WindowSettings): number {
  if (padding === 'same') return side * stride;
  const outSide = (side - 1) * stride + kernel - (padding === 'explicit' ? 2 * border : 0);
  if (outSide < 1) {
    throw new LayerMisfit(
      `A border of ${border} pixels takes away all that a ${kernel}×${kernel} kernel stamps`,
      'Use a smaller border, or “same” padding',
    );
  }
  return outSide;
}
