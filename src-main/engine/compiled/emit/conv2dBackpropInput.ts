import { blockOf } from '../blockedConvolution';
import { blockedCells, blockedCellsForms, canTile, cells } from '../cells';
import {
  convolutionOf,
  filterShape,
  gatherPlaces,
  inputShape,
  outputShape,
  pixelsSummed,
  tableKey,
  withZeroPlace,
  type Convolution,
} from '../convolution';
import type { Emission } from '../emission';
import { sameShape, type Value } from '../graph';
import { defineKernel, inputOf } from '../kernel';
import { nativeInputGradient } from '../nativeConvolution';
import type { OnnxTensor } from '../onnxTensor';
import { pixelRows } from '../shapes';
import { canWinograd, winogradInputGradient, winogradOnCpu } from '../winograd';

/** From this side on cells are usually faster than stamps (measured at 4×4 against 8×8). */
const CELLS_FROM_SIDE = 8;

/** To so few channels, a picture's, ONNX Runtime's own operator is usually the fastest on CPUs (0.70 to 0.95 of the others' time in seven convolutions with strides). */
const NATIVE_TO_CHANNELS = 4;
const NATIVE_FROM_BATCH = 8;

/** A convolution's gradient with respect to its input; TensorFlow.js's transposed convolution is the same kernel. */
const conv2dBackpropInput = defineKernel<Convolution>({
  name: 'Conv2DBackpropInput',
  record: (call) => {
    const inputs = [inputOf(call, 'dy'), inputOf(call, 'filter')] as const;
    const c = convolutionOf(call.attrs['inputShape'] as number[], inputs[1].shape, call.attrs);
    return { inputs, attributes: c, outputs: [inputShape(c)] };
  },
  shapes: ([dy = [], filter = []], c) =>
    sameShape(dy, outputShape(c)) && sameShape(filter, filterShape(c)) ? [inputShape(c)] : 'its inputs do not fit',
  forms: (c) => {
    if (isPointwise(c)) return ['product'];
    if (!canTile(c)) return ['stamps', 'native'];
    const small = Math.min(c.outHeight, c.outWidth) < CELLS_FROM_SIDE;
    return [
      ...(small ? ['stamps', 'cells'] : ['cells', 'stamps']),
      'native',
      ...blockedCellsForms(c),
      ...(canWinograd(c) ? ['winograd'] : []),
    ];
  },
  usualOnCpu: (c) => (canTile(c) && toFewChannels(c) ? 'native' : winogradOnCpu(c)),
  emit: (node, emission) => {
    const { inputs, attributes: c } = node;
    const [dy, filter] = inputs;
    if (!dy || !filter) throw new Error('Conv2DBackpropInput has two inputs');
    const form = emission.formOf(node);
    if (form === 'native') return [nativeInputGradient(dy, filter, c, emission)];
    if (form === 'winograd') return [winogradInputGradient(dy, filter, c, emission)];
    if (form === 'product') return [product(emission.view(dy, pixelRows(outputShape(c))), filter, c, emission)];
    if (form === 'cells') return [cells(dy, filter, c, emission)];
    const block = blockOf(form);
    return [block ? blockedCells(dy, filter, c, block, emission) : stamps(dy, filter, c, emission)];
  },
});

const toFewChannels = ({ channels, strideHeight, batch }: Convolution): boolean =>
  channels <= NATIVE_TO_CHANNELS && strideHeight > 1 && batch >= NATIVE_FROM_BATCH;

/** Whether each input pixel makes one output pixel. */
const isPointwise = (c: Convolution): boolean =>
  c.kernelHeight * c.kernelWidth === 1 && c.height === c.outHeight && c.width === c.outWidth;

/** Every output pixel times the whole kernel: `[P, filters] → [P, k·k'·C]`. */
function product(pixels: OnnxTensor, filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  const stamp = c.kernelHeight * c.kernelWidth * c.channels;
  const kernel = emission.view(filter, [stamp, c.filters]);
  return emission.op('Gemm', [pixels, kernel], [pixels.shape[0] ?? 0, stamp], { transB: 1 });
}

/**
 * Every output pixel stamps the kernel onto the input (one product gives all stamps), and every input pixel adds up the stamps that
 * cover it: a Gather for each of the at most ⌈k/s⌉² of them.
 */
function stamps(dy: Value, filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  // The place of zeros behind each picture's pixels is what is read where no output pixel lies.
  const pixels = withZeroPlace(dy, [c.batch, c.outHeight * c.outWidth, c.filters], emission);
  const [batch = 1, places = 1] = pixels.shape;
  const patch = c.kernelHeight * c.kernelWidth;
  const stamped = product(emission.view(pixels, [batch * places, c.filters]), filter, c, emission);
  const all = emission.view(stamped, [batch, places * patch, c.channels]);
  const layers = stampTables(c).map((table, layer) => {
    const indices = emission.indices(`stamps ${tableKey(c)} layer ${layer}`, () => table);
    return gatherPlaces(all, indices, emission);
  });
  return pixelsSummed(layers, emission);
}

/** For each input pixel the stamps that cover it, one table a layer; where a layer has none, the first place of zeros. */
function stampTables(c: Convolution): Int32Array[] {
  const patch = c.kernelHeight * c.kernelWidth;
  const zero = c.outHeight * c.outWidth * patch;
  const tables: Int32Array[] = [];
  let pixel = 0;
  for (let y = 0; y < c.height; y++)
    for (let x = 0; x < c.width; x++, pixel++) {
      let layer = 0;
      for (let k = 0; k < c.kernelHeight; k++)
        for (let l = 0; l < c.kernelWidth; l++) {
          const row = (y + c.padTop - k) / c.strideHeight;
          const column = (x + c.padLeft - l) / c.strideWidth;
          if (!Number.isInteger(row) || !Number.isInteger(column)) continue;
          if (row < 0 || column < 0 || row >= c.outHeight || column >= c.outWidth) continue;
          const table = (tables[layer++] ??= new Int32Array(c.height * c.width).fill(zero));
          table[pixel] = (row * c.outWidth + column) * patch + k * c.kernelWidth + l;
        }
    }
  return tables;
}

export const kernels = [conv2dBackpropInput];
