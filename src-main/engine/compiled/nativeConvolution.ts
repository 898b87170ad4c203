import { filterShape, inputShape, outputShape, type Convolution } from './convolution';
import type { Emission } from './emission';
import type { Value } from './graph';
import type { OnnxTensor } from './onnxTensor';

/**
 * Convolutions by ONNX's own operators, between transpositions to its channels-first layout. Slower than column matrices on most CPUs, for whose products
 * they have no equal, but for a picture's few channels; on a GPU they may be faster: the autotuner finds out.
 */

/** `[N, H, W, C] → [N, C, H, W]`, as Conv reads and writes. */
function channelsFirst(x: Value | OnnxTensor, shape: readonly number[], emission: Emission): OnnxTensor {
  const [n = 1, h = 1, w = 1, c = 1] = shape;
  return emission.op('Transpose', [emission.view(x, shape)], [n, c, h, w], { perm: [0, 3, 1, 2] });
}

function channelsLast(x: OnnxTensor, emission: Emission): OnnxTensor {
  const [n = 1, c = 1, h = 1, w = 1] = x.shape;
  return emission.op('Transpose', [x], [n, h, w, c], { perm: [0, 2, 3, 1] });
}

const pads = (c: Convolution) => [c.padTop, c.padLeft, c.padBottom, c.padRight];
const strides = (c: Convolution) => [c.strideHeight, c.strideWidth];
const kernel = (c: Convolution) => [c.kernelHeight, c.kernelWidth];

export function nativeConvolution(x: Value, filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  const weights = emission.op('Transpose', [emission.view(filter, filterShape(c))], [c.filters, c.channels, ...kernel(c)], { perm: [3, 2, 0, 1] }); // prettier-ignore
  const output = emission.op(
    'Conv',
    [channelsFirst(x, inputShape(c), emission), weights],
    [c.batch, c.filters, c.outHeight, c.outWidth],
    { kernel_shape: kernel(c), strides: strides(c), pads: pads(c) },
  );
  return channelsLast(output, emission);
}

/** Rows and columns of the input that no window reaches, where the stride does not divide: ConvTranspose leaves them out unless told. */
const unreached = (c: Convolution) => [
  c.height + c.padTop + c.padBottom - ((c.outHeight - 1) * c.strideHeight + c.kernelHeight),
  c.width + c.padLeft + c.padRight - ((c.outWidth - 1) * c.strideWidth + c.kernelWidth),
];

/** The convolution's gradient with respect to its input: ONNX's transposed convolution. */
export function nativeInputGradient(dy: Value, filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  const weights = emission.op('Transpose', [emission.view(filter, filterShape(c))], [c.filters, c.channels, ...kernel(c)], { perm: [3, 2, 0, 1] }); // prettier-ignore
  const output = emission.op(
    'ConvTranspose',
    [channelsFirst(dy, outputShape(c), emission), weights],
    [c.batch, c.channels, c.height, c.width],
    { kernel_shape: kernel(c), strides: strides(c), pads: pads(c), output_padding: unreached(c) },
  );
  return channelsLast(output, emission);
}

/** Whether {@link nativeFilterGradient} can be written: ONNX knows no padding that takes pixels away. */
export function hasNativeFilterGradient(c: Convolution): boolean {
  const [spareRows = 0, spareColumns = 0] = unreached(c);
  return spareRows <= c.padBottom && spareColumns <= c.padRight;
}

/**
 * The gradient with respect to the kernel: a convolution of the input with the output's gradient as its kernel, batch and channels having changed
 * places; its stride is the forward one's dilation and the other way round.
 */
export function nativeFilterGradient(x: Value, dy: Value, c: Convolution, emission: Emission): OnnxTensor {
  const turned = (value: Value, shape: readonly number[]) => {
    const [n = 1, h = 1, w = 1, channels = 1] = shape;
    return emission.op('Transpose', [emission.view(value, shape)], [channels, n, h, w], { perm: [3, 0, 1, 2] });
  };
  const [spareRows = 0, spareColumns = 0] = unreached(c);
  const gradient = emission.op(
    'Conv',
    [turned(x, inputShape(c)), turned(dy, outputShape(c))],
    [c.channels, c.filters, ...kernel(c)],
    {
      kernel_shape: [c.outHeight, c.outWidth],
      dilations: strides(c),
      pads: [c.padTop, c.padLeft, c.padBottom - spareRows, c.padRight - spareColumns],
    },
  );
  return emission.op('Transpose', [gradient], filterShape(c), { perm: [2, 3, 0, 1] });
}
