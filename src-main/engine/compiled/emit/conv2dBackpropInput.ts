import {
  convolutionOf,
  filterShape,
  gatherPlaces,
  inputShape,
  outputShape,
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

/** From this side on cells are usually faster than stamps (measured at 4×4 against 8×8). */
const CELLS_FROM_SIDE = 8;

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
    return small ? ['stamps', 'cells', 'native'] : ['cells', 'stamps', 'native'];
  },
  emit: (node, emission) => {
    const { inputs, attributes: c } = node;
    const [dy, filter] = inputs;
    if (!dy || !filter) throw new Error('Conv2DBackpropInput has two inputs');
    const form = emission.formOf(node);
    if (form === 'native') return [nativeInputGradient(dy, filter, c, emission)];
    if (form === 'product') return [product(emission.view(dy, pixelRows(outputShape(c))), filter, c, emission)];
    const places = c.outHeight * c.outWidth;
    // The place of zeros behind each picture's pixels is what is read where no output pixel lies.
    const pixels = withZeroPlace(dy, [c.batch, places, c.filters], emission);
    return [form === 'cells' ? cells(pixels, filter, c, emission) : stamps(pixels, filter, c, emission)];
  },
});

/** Whether the input falls into cells of stride × stride pixels that the kernel covers without a rest. */
function canTile({ strideHeight: stride, strideWidth, kernelHeight, kernelWidth }: Convolution): boolean {
  return stride === strideWidth && kernelHeight % stride === 0 && kernelWidth % stride === 0;
}

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
function stamps(pixels: OnnxTensor, filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  const [batch = 1, places = 1] = pixels.shape;
  const patch = c.kernelHeight * c.kernelWidth;
  const stamped = product(emission.view(pixels, [batch * places, c.filters]), filter, c, emission);
  const all = emission.view(stamped, [batch, places * patch, c.channels]);
  const layers = stampTables(c).map((table, layer) => {
    const indices = emission.indices(`stamps ${tableKey(c)} layer ${layer}`, () => table);
    return gatherPlaces(all, indices, emission);
  });
  return sumInPairs(layers, emission);
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

/** Adds tensors up as a balanced tree, which rounds less and waits less than a chain. */
function sumInPairs(tensors: readonly OnnxTensor[], emission: Emission): OnnxTensor {
  const [first, second, ...rest] = tensors;
  if (!first) throw new Error('a sum of nothing');
  if (!second) return first;
  if (rest.length === 0) return emission.op('Add', [first, second], first.shape);
  const half = Math.ceil(tensors.length / 2);
  return sumInPairs(
    [sumInPairs(tensors.slice(0, half), emission), sumInPairs(tensors.slice(half), emission)],
    emission,
  );
}

/**
 * For kernels whose side the stride divides: the input falls into cells of s×s pixels, and each cell is one product of the (k/s)² output
 * pixels that reach it with the kernel, reordered. One large product, no sums.
 */
function cells(pixels: OnnxTensor, filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  const s = c.strideHeight;
  const [reachY, reachX] = [c.kernelHeight / s, c.kernelWidth / s];
  const [rows, columns] = [cellsAlong(c.height, c.padTop, s), cellsAlong(c.width, c.padLeft, s)];
  const count = c.batch * rows.length * columns.length;
  const reach = reachY * reachX * c.filters;
  const sources = emission.indices(`cell sources ${tableKey(c)}`, () => cellSources(c, rows, columns));
  const matrix = emission.view(gatherPlaces(pixels, sources, emission), [count, reach]);
  // Reordered with the filters left innermost, so that whole rows are copied, and multiplied as it then lies: transposed.
  const reordered = emission.op(
    'Transpose',
    [emission.view(filter, [reachY, s, reachX, s, c.channels, c.filters])],
    [s, s, c.channels, reachY, reachX, c.filters],
    { perm: [1, 3, 4, 0, 2, 5] },
  );
  const kernel = emission.view(reordered, [s * s * c.channels, reach]);
  const inCells = emission.op('Gemm', [matrix, kernel], [count, s * s * c.channels], { transB: 1 });
  // A cell of one pixel is that pixel.
  if (s === 1) return inCells;
  const targets = emission.indices(`cell targets ${tableKey(c)}`, () => cellTargets(c, rows, columns));
  const places = rows.length * columns.length * s * s;
  return emission.view(
    gatherPlaces(emission.view(inCells, [c.batch, places, c.channels]), targets, emission),
    pixelRows(inputShape(c)),
  );
}

/** The numbers of the cells that hold a side's pixels; cell 0 begins with the padding. */
function cellsAlong(side: number, pad: number, stride: number): number[] {
  const first = Math.floor(pad / stride);
  return Array.from({ length: Math.ceil((side + pad) / stride) - first }, (_, index) => first + index);
}

/** The output pixels that reach each cell, nearest first; outside ones are the place of zeros. */
function cellSources(c: Convolution, rows: readonly number[], columns: readonly number[]): Int32Array {
  const outside = c.outHeight * c.outWidth;
  const list: number[] = [];
  for (const y of rows)
    for (const x of columns)
      for (let a = 0; a < c.kernelHeight / c.strideHeight; a++)
        for (let b = 0; b < c.kernelWidth / c.strideWidth; b++) {
          const [row, column] = [y - a, x - b];
          const inside = row >= 0 && column >= 0 && row < c.outHeight && column < c.outWidth;
          list.push(inside ? row * c.outWidth + column : outside);
        }
  return Int32Array.from(list);
}

/** Where each input pixel lies among the cells' pixels. */
function cellTargets(c: Convolution, [firstRow = 0]: readonly number[], columns: readonly number[]): Int32Array {
  const s = c.strideHeight;
  const [firstColumn = 0] = columns;
  const list: number[] = [];
  for (let y = c.padTop; y < c.height + c.padTop; y++)
    for (let x = c.padLeft; x < c.width + c.padLeft; x++) {
      const cell = (Math.floor(y / s) - firstRow) * columns.length + Math.floor(x / s) - firstColumn;
      list.push((cell * s + (y % s)) * s + (x % s));
    }
  return Int32Array.from(list);
}

export const kernels = [conv2dBackpropInput];
