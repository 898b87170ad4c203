import { fail } from '#shared/contract/errors';
import type { Shape } from '#shared/recipe/layerKind';
import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Emission } from './emission';
import type { Attributes, Value } from './graph';
import type { OnnxTensor } from './onnxTensor';

/** A convolution `[N, H, W, C] → [N, H', W', filters]` with a kernel `[k, k', C, filters]`; also of its two gradients, seen from the forward side. */
export interface Convolution extends Attributes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly filters: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly padBottom: number;
  readonly padRight: number;
}

/** The geometry of a TensorFlow.js convolution call; `input` and `filter` are the forward pass's shapes. */
export function convolutionOf(input: Shape, filter: Shape, attrs: NamedAttrMap): Convolution {
  const info = backend_util.computeConv2DInfo(
    input as [number, number, number, number],
    filter as [number, number, number, number],
    attrs['strides'] as [number, number],
    (attrs['dilations'] as [number, number] | undefined) ?? 1,
    attrs['pad'] as 'same' | 'valid' | number,
    attrs['dimRoundingMode'] as 'floor' | 'round' | 'ceil',
    false,
  );
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1) {
    fail('engine.unsupported', { kernel: 'Conv2D, dilated' });
  }
  return {
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    filters: info.outChannels,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
    padBottom: info.padInfo.bottom,
    padRight: info.padInfo.right,
  };
}

export const inputShape = (c: Convolution): Shape => [c.batch, c.height, c.width, c.channels];
export const outputShape = (c: Convolution): Shape => [c.batch, c.outHeight, c.outWidth, c.filters];
export const filterShape = (c: Convolution): Shape => [c.kernelHeight, c.kernelWidth, c.channels, c.filters];

/** The convolution's place in a table of constants: all that its index tables depend on. */
export const tableKey = (c: Convolution): string =>
  [
    [c.height, c.width, c.outHeight, c.outWidth].join('×'),
    [c.kernelHeight, c.kernelWidth].join('×'),
    [c.strideHeight, c.strideWidth, c.padTop, c.padLeft].join(' '),
  ].join(' | ');

/** `[N, P, C]` with one more place of zeros for each picture: what Gather reads for a pixel outside. */
export function withZeroPlace(
  x: Value,
  [batch, places, channels]: readonly [number, number, number],
  emission: Emission,
): OnnxTensor {
  const pads = emission.integers([0, 0, 0, 0, 1, 0]);
  return emission.op('Pad', [emission.view(x, [batch, places, channels]), pads], [batch, places + 1, channels]);
}

/** Takes places of every picture: `[N, P, C]` and a table of T places → `[N, T, C]`. The table is per picture, so the batch stays free. */
export function gatherPlaces(x: OnnxTensor, table: OnnxTensor, emission: Emission): OnnxTensor {
  const [batch = 1, , channels = 1] = x.shape;
  return emission.op('Gather', [x, table], [batch, table.shape[0] ?? 0, channels], { axis: 1 });
}

/** Adds tensors up as a balanced tree, which rounds less and waits less than a chain. */
export function pixelsSummed(tensors: readonly OnnxTensor[], emission: Emission): OnnxTensor {
  const [first, second, ...rest] = tensors;
  if (!first) throw new Error('a sum of nothing');
  if (!second) return first;
  if (rest.length === 0) return emission.op('Add', [first, second], first.shape);
  const half = Math.ceil(tensors.length / 2);
  return pixelsSummed(
    [pixelsSummed(tensors.slice(0, half), emission), pixelsSummed(tensors.slice(half), emission)],
    emission,
  );
}

/** At most so many numbers are moved at once when pixels are gathered in groups; wider pixels are long enough on their own (measured). */
const GROUP_NUMBERS = 128;

/**
 * The column matrix of a convolution (im2col): `[N·H'·W', k·k'·C]`, one row for each output pixel with the patch it looks at. The product
 * with the kernel is the convolution, that of its transpose with the output's gradient is the kernel's gradient.
 */
export function columns(x: Value, c: Convolution, emission: Emission): OnnxTensor {
  const patch = c.kernelHeight * c.kernelWidth;
  const places = c.outHeight * c.outWidth;
  const shape = [c.batch * places, patch * c.channels];
  if (patch === 1 && places === c.height * c.width) return emission.view(x, shape);
  const paddedWidth = c.width + c.padLeft + c.padRight;
  const group = c.strideWidth;
  const grouped =
    group > 1 &&
    c.kernelWidth % group === 0 &&
    paddedWidth % group === 0 &&
    c.padTop >= 0 &&
    group * c.channels <= GROUP_NUMBERS;
  return emission.view(grouped ? groupedPatches(x, c, emission) : patches(x, c, emission), shape);
}

function patches(x: Value, c: Convolution, emission: Emission): OnnxTensor {
  const outside = c.height * c.width;
  const table = emission.indices(`patches ${tableKey(c)}`, () => {
    const list: number[] = [];
    forEachPatchPixel(c, (row, column) => {
      const inside = row >= 0 && column >= 0 && row < c.height && column < c.width;
      list.push(inside ? row * c.width + column : outside);
    });
    return Int32Array.from(list);
  });
  return gatherPlaces(withZeroPlace(x, [c.batch, outside, c.channels], emission), table, emission);
}

function forEachPatchPixel(c: Convolution, visit: (row: number, column: number) => void): void {
  for (let y = 0; y < c.outHeight; y++)
    for (let x = 0; x < c.outWidth; x++)
      for (let k = 0; k < c.kernelHeight; k++)
        for (let l = 0; l < c.kernelWidth; l++) {
          visit(y * c.strideHeight + k - c.padTop, x * c.strideWidth + l - c.padLeft);
        }
}

/** Patches of maps with few channels: the picture is padded for good and pixels are gathered `stride` at a time, as a patch begins at such a group. */
function groupedPatches(x: Value, c: Convolution, emission: Emission): OnnxTensor {
  const group = c.strideWidth;
  const paddedHeight = c.height + c.padTop + c.padBottom;
  const groups = (c.width + c.padLeft + c.padRight) / group;
  const padded = emission.op(
    'Pad',
    [emission.view(x, inputShape(c)), emission.integers([0, c.padTop, c.padLeft, 0, 0, c.padBottom, c.padRight, 0])],
    [c.batch, paddedHeight, groups * group, c.channels],
  );
  const table = emission.indices(`groups ${tableKey(c)}`, () => {
    const list: number[] = [];
    for (let y = 0; y < c.outHeight; y++)
      for (let column = 0; column < c.outWidth; column++)
        for (let k = 0; k < c.kernelHeight; k++)
          for (let l = 0; l < c.kernelWidth / group; l++) {
            list.push((y * c.strideHeight + k) * groups + column + l);
          }
    return Int32Array.from(list);
  });
  return gatherPlaces(emission.view(padded, [c.batch, paddedHeight * groups, group * c.channels]), table, emission);
}
