import { type Convolution } from './convolution';
import type { Emission } from './emission';
import type { OnnxTensor } from './onnxTensor';

/**
 * Convolutions by the operators that ONNX Runtime's own optimiser writes for its CPU provider, in the layout they are made for: channels in blocks as wide as
 * the processor's registers (`[N, C/B, H, W, B]`). They read each pixel where it lies, so no column matrix is written. Which width is right is the library's
 * secret: with the wrong one they compute nonsense, and the tuner, which compares, drops the form.
 */
const BLOCKS = [8, 16];

const DOMAIN = 'com.microsoft.nchwc';

const formOf = (block: number): string => `blocked${block}`;

/** Forms that other providers than the CPU's do not have. */
export const cpuForms: ReadonlySet<string> = new Set(BLOCKS.map(formOf));

/** The block of a form, where it is one of these. */
export const blockOf = (form: string | undefined): number | undefined => BLOCKS.find((block) => formOf(block) === form);

/** The forms of a convolution between so many channels: where the widest block divides them all, for a block that is cut short is not checked by the library. */
export const blockedForms = (...channels: readonly number[]): string[] =>
  channels.every((count) => count % Math.max(...BLOCKS) === 0) ? BLOCKS.map(formOf) : [];

/** A convolution with stride 1 as the blocked operators see it. */
export type Sliding = Pick<
  Convolution,
  'kernelHeight' | 'kernelWidth' | 'padTop' | 'padLeft' | 'padBottom' | 'padRight'
>;

/**
 * `x` `[N, H, W, C]` convolved to `[N, H', W', F]`, stride 1; `kernels` `[F/g, k·k', g, C]` in groups of filters that a block divides: the kernel's pixels
 * are tables of filters, as they come out of the gradients' kernels.
 */
export function blockedConvolution(
  x: OnnxTensor,
  kernels: OnnxTensor,
  { kernelHeight, kernelWidth, padTop, padLeft, padBottom, padRight }: Sliding,
  block: number,
  emission: Emission,
): OnnxTensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const [groups = 1, patch = 1, group = 1] = kernels.shape;
  const filters = groups * group;
  const [across, into] = [group / block, channels / block];
  const parts = emission.view(kernels, [groups, patch, across, block, into, block]);
  const sorted = [groups, across, into, patch, block, block];
  const weights = emission.op('Transpose', [parts], sorted, { perm: [0, 2, 4, 1, 5, 3] });
  const outHeight = height + padTop + padBottom - kernelHeight + 1;
  const outWidth = width + padLeft + padRight - kernelWidth + 1;
  const blocked = emission.op(`${DOMAIN}:ReorderInput`, [x], [batch, channels, height, width], { channels_last: 1 });
  const convolved = emission.op(
    `${DOMAIN}:Conv`,
    [blocked, emission.view(weights, [filters, channels, kernelHeight, kernelWidth])],
    [batch, filters, outHeight, outWidth],
    {
      kernel_shape: [kernelHeight, kernelWidth],
      pads: [padTop, padLeft, padBottom, padRight],
      strides: [1, 1],
      dilations: [1, 1],
      group: 1,
    },
  );
  return emission.op(`${DOMAIN}:ReorderOutput`, [convolved], [batch, outHeight, outWidth, filters], {
    channels: filters,
    channels_last: 1,
  });
}
