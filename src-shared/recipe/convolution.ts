import { z } from 'zod';
import { LayerMisfit } from './layerKind';
import { initialDeviation, initializer } from './initializers';
import { spectralNorm } from './spectral';

export const KERNEL_MAX = 15;
export const STRIDE_MAX = 8;
const BORDER_MAX = 15;

/** What a setting of one side says where it is as all the others: windows are square, borders even, unless somebody wants them otherwise. */
const SQUARE = 0;
const EVEN = -1;

/** The width where it is not the height, which `of` says. */
export const ownWidth = (of: string, title: string, max: number) =>
  z
    .int()
    .min(SQUARE)
    .max(max)
    .default(SQUARE)
    .meta({
      title,
      description: `From left to right, where that differs from top to bottom, which is what “${of}” then means. 0: the same.`,
      unit: 'px',
      advanced: true,
    });

const ownBorder = (side: string) =>
  z
    .int()
    .min(EVEN)
    .max(BORDER_MAX)
    .default(EVEN)
    .meta({
      title: `Border, ${side}`,
      description: `Pixels that “explicit” padding adds at the ${side}. −1: as many as “border” says.`,
      unit: 'px',
      advanced: true,
    });

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
    .max(KERNEL_MAX)
    .default(4)
    .meta({ title: 'Kernel', description: 'Side of the square patch that each output looks at.', unit: 'px' }),
  stride: z.int().min(1).max(STRIDE_MAX).default(2).meta({
    title: 'Stride',
    description: 'Pixels between neighbouring patches: 2 halves (or doubles) the resolution.',
    unit: 'px',
  }),
  padding: z.enum(['same', 'valid', 'explicit']).default('same').meta({
    title: 'Padding',
    description:
      '“same” surrounds the picture so that size depends on the stride alone; “valid” uses none; “explicit” adds the border given below.',
  }),
  border: z.int().min(0).max(BORDER_MAX).default(1).meta({
    title: 'Border',
    description: 'Pixels added on each side by “explicit” padding; other paddings ignore it.',
    unit: 'px',
  }),
  kernelWidth: ownWidth('kernel', 'Kernel width', KERNEL_MAX),
  strideWidth: ownWidth('stride', 'Stride across', STRIDE_MAX),
  borderTop: ownBorder('top'),
  borderBottom: ownBorder('bottom'),
  borderLeft: ownBorder('left'),
  borderRight: ownBorder('right'),
  useBias: z.boolean().default(true).meta({
    title: 'Bias',
    description: 'Adds a learned number to each channel. Not needed before batch normalisation.',
  }),
  initializer,
  initialDeviation,
  spectralNorm,
});

/** The setting of layers that read what padding shows. */
export const outside = z.enum(['zero', 'reflect']).default('zero').meta({
  title: 'Outside',
  description: 'What padding shows: zeros, or the picture mirrored at its edge, which leaves no dark border.',
});

/** How a window moves over a picture, as layers' settings say it. */
export interface WindowSettings {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: 'same' | 'valid' | 'explicit';
  /** 0 or missing: as high. */
  readonly kernelWidth?: number;
  readonly strideWidth?: number;
  /** Pixels added on each side by `explicit` padding. */
  readonly border?: number;
  /** −1 or missing: as `border`. */
  readonly borderTop?: number;
  readonly borderBottom?: number;
  readonly borderLeft?: number;
  readonly borderRight?: number;
}

/** A window along one side of a picture: `before` and `behind` are what `explicit` padding adds. */
interface WindowSide {
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly behind: number;
}

interface WindowSides {
  readonly rows: WindowSide;
  readonly columns: WindowSide;
}

/** A window's two sides, whatever the settings leave to be the same. */
export function windowSides(settings: WindowSettings): WindowSides {
  const { kernel, stride, padding, kernelWidth, strideWidth, border = 0 } = settings;
  const bordered = (own: number | undefined): number =>
    padding !== 'explicit' ? 0 : own === undefined || own === EVEN ? border : own;
  const [before, behind] = [bordered(settings.borderTop), bordered(settings.borderBottom)];
  return {
    rows: { kernel, stride, before, behind },
    columns: {
      kernel: kernelWidth || kernel,
      stride: strideWidth || stride,
      before: bordered(settings.borderLeft),
      behind: bordered(settings.borderRight),
    },
  };
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

/** A window's ways from top to bottom and from left to right. */
export interface Slides {
  readonly rows: Slide;
  readonly columns: Slide;
}

/** Dumoulin and Visin 2016, section 2; “same” as TensorFlow means it, the odd pixel behind. */
export function slidesOf(height: number, width: number, settings: WindowSettings): Slides {
  const sides = windowSides(settings);
  const slide = (side: number, window: WindowSide): Slide => {
    const { kernel, stride } = window;
    if (settings.padding === 'same') {
      const outSide = Math.ceil(side / stride);
      const added = Math.max(0, (outSide - 1) * stride + kernel - side);
      const before = Math.floor(added / 2);
      return { side, outSide, kernel, stride, before, behind: added - before };
    }
    const whole = window.before + side + window.behind;
    if (whole < kernel) {
      throw new LayerMisfit(
        `A ${kernelInWords(sides)} kernel does not fit into ${whole} pixels`,
        'Use a smaller kernel, or “same” padding',
      );
    }
    return { ...window, side, outSide: Math.floor((whole - kernel) / stride) + 1 };
  };
  return { rows: slide(height, sides.rows), columns: slide(width, sides.columns) };
}

/** The same; a {@link LayerMisfit} where a picture is to be mirrored that is narrower than its border. */
export function mirroredSlides(
  height: number,
  width: number,
  settings: WindowSettings & { readonly outside: z.output<typeof outside> },
  layer: string,
): Slides {
  const slides = slidesOf(height, width, settings);
  const { rows, columns } = slides;
  const unmirrored = ({ side, before, behind }: Slide) => Math.max(before, behind) >= side;
  if (settings.outside === 'reflect' && (unmirrored(rows) || unmirrored(columns))) {
    const border = Math.max(rows.before, rows.behind, columns.before, columns.behind);
    throw new LayerMisfit(
      `${layer} cannot mirror ${border} pixels of a picture of ${height} × ${width}`,
      'Use a smaller kernel or border, or zeros outside',
    );
  }
  return slides;
}

const kernelInWords = ({ rows, columns }: WindowSides): string => `${rows.kernel}×${columns.kernel}`;

type SidePadding = [number, number];

/** A layer's window as TensorFlow.js takes it: strides, and padding by side where it is explicit. */
export function tfWindow(settings: WindowSettings): {
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | [SidePadding, SidePadding, SidePadding, SidePadding];
} {
  const { rows, columns } = windowSides(settings);
  const strides: [number, number] = [rows.stride, columns.stride];
  if (settings.padding !== 'explicit') return { strides, pad: settings.padding };
  const sides: [SidePadding, SidePadding] = [
    [rows.before, rows.behind],
    [columns.before, columns.behind],
  ];
  return { strides, pad: [[0, 0], ...sides, [0, 0]] };
}

/** Output height and width of a transposed convolution, the smallest ones whose convolution gives `height` and `width` back. */
export function transposedSides(height: number, width: number, settings: WindowSettings): readonly [number, number] {
  const sides = windowSides(settings);
  const transposed = (side: number, { kernel, stride, before, behind }: WindowSide): number => {
    if (settings.padding === 'same') return side * stride;
    const outSide = (side - 1) * stride + kernel - before - behind;
    if (outSide < 1) {
      throw new LayerMisfit(
        `A border of ${before} and ${behind} pixels takes away all that a ${kernelInWords(sides)} kernel stamps`,
        'Use a smaller border, or “same” padding',
      );
    }
    return outSide;
  };
  return [transposed(height, sides.rows), transposed(width, sides.columns)];
}
