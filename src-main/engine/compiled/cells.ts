import { blockedConvolution, blockedForms, type Sliding } from './blockedConvolution';
import { gatherPlaces, inputShape, outputShape, tableKey, withZeroPlace, type Convolution } from './convolution';
import type { Emission } from './emission';
import type { Value } from './graph';
import type { OnnxTensor } from './onnxTensor';
import { pixelRows } from './shapes';

/** Whether the input falls into cells of stride × stride pixels that the kernel covers without a rest. */
export function canTile({ strideHeight: stride, strideWidth, kernelHeight, kernelWidth }: Convolution): boolean {
  return stride === strideWidth && kernelHeight % stride === 0 && kernelWidth % stride === 0;
}

/**
 * For kernels whose side the stride divides: the input falls into cells of s×s pixels, and each cell is one product of the (k/s)² output
 * pixels that reach it with the kernel, reordered. One large product, no sums.
 */
export function cells(dy: Value, filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  const pixels = withZeroPlace(dy, [c.batch, c.outHeight * c.outWidth, c.filters], emission);
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
  return outOfCells(inCells, c, rows, columns, emission);
}

/** The forms in which {@link blockedCells} can be written. */
export const blockedCellsForms = (c: Convolution): string[] =>
  isSliding(slidingOver(c)) ? blockedForms(c.channels, c.filters) : [];

/** The same products as a convolution of the output pixels, whose filters are the pixels of a cell. */
export function blockedCells(dy: Value, filter: Value, c: Convolution, block: number, emission: Emission): OnnxTensor {
  const s = c.strideHeight;
  const sliding = slidingOver(c);
  const [reachY, reachX] = [sliding.kernelHeight, sliding.kernelWidth];
  const table = emission.indices(`cell kernel ${tableKey(c)}`, () => cellKernel(c, reachY, reachX));
  const pixels = emission.view(filter, [1, c.kernelHeight * c.kernelWidth, c.channels * c.filters]);
  const kernel = emission.view(gatherPlaces(pixels, table, emission), [s * s, reachY * reachX, c.channels, c.filters]);
  const output = emission.view(dy, outputShape(c));
  const inCells = blockedConvolution(output, kernel, sliding, block, emission);
  return outOfCells(inCells, c, cellsAlong(c.height, c.padTop, s), cellsAlong(c.width, c.padLeft, s), emission);
}

/** How the window of output pixels that reach a cell moves from cell to cell. */
function slidingOver(c: Convolution): Sliding {
  const along = (side: number, outSide: number, kernel: number, pad: number) => {
    const reach = kernel / c.strideHeight;
    const cells = cellsAlong(side, pad, c.strideHeight);
    const before = reach - 1 - (cells[0] ?? 0);
    return { reach, before, behind: cells.length - outSide - before + reach - 1 };
  };
  const rows = along(c.height, c.outHeight, c.kernelHeight, c.padTop);
  const columns = along(c.width, c.outWidth, c.kernelWidth, c.padLeft);
  return {
    kernelHeight: rows.reach,
    kernelWidth: columns.reach,
    padTop: rows.before,
    padBottom: rows.behind,
    padLeft: columns.before,
    padRight: columns.behind,
  };
}

const isSliding = ({ padTop, padLeft, padBottom, padRight }: Sliding): boolean =>
  Math.min(padTop, padLeft, padBottom, padRight) >= 0;

/** For each pixel of a cell the kernel's pixels as the window meets them, the farthest output pixel first. */
function cellKernel({ strideHeight: s, kernelWidth }: Convolution, reachY: number, reachX: number): Int32Array {
  const list: number[] = [];
  for (let y = 0; y < s; y++)
    for (let x = 0; x < s; x++)
      for (let a = reachY - 1; a >= 0; a--)
        for (let b = reachX - 1; b >= 0; b--) list.push((a * s + y) * kernelWidth + b * s + x);
  return Int32Array.from(list);
}

/** The input's pixels, out of the cells `[N, cells, s, s, C]` that they were computed in. */
function outOfCells(
  inCells: OnnxTensor,
  c: Convolution,
  rows: readonly number[],
  columns: readonly number[],
  emission: Emission,
): OnnxTensor {
  const s = c.strideHeight;
  // A cell of one pixel is that pixel.
  if (s === 1) return inCells;
  const targets = emission.indices(`cell targets ${tableKey(c)}`, () => cellTargets(c, rows, columns));
  const places = emission.view(inCells, [c.batch, rows.length * columns.length * s * s, c.channels]);
  return emission.view(gatherPlaces(places, targets, emission), pixelRows(inputShape(c)));
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
