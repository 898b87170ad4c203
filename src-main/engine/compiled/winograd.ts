import { filterShape, inputShape, pixelsSummed, tableKey, type Convolution } from './convolution';
import type { Emission } from './emission';
import type { Value } from './graph';
import type { OnnxTensor } from './onnxTensor';
import { pixelRows } from './shapes';
import { canTileOutputs, inverse, reachOf, TILE, tiledCells, tiledOutputs, tilesOf, untiledCells } from './tiles';

/**
 * Convolutions with fewer multiplications (Winograd 1980; Lavin and Gray 2016, sections 3 and 4: F(2×2, 2×2) and F(2×2, 3×3)). In cells of stride × stride
 * pixels a kernel that is r strides long is r×r cells long and moves by one. Along one axis two neighbouring outputs are made of r + 1 products of sums
 * of cells with sums of the kernel's, in place of 2·r; so a tile of 2×2 outputs takes 9 in place of 16 where r is 2, 16 in place of 36 where it is 3. The two
 * gradients are the same products, transposed.
 *
 * What is multiplied lies as one matrix for each product: `[(r+1)², tiles, s·s·C]` of the input, `[(r+1)², s·s·C, filters]` of the kernel.
 */
interface Scheme {
  /** Of r + 1 cells, the r of a kernel, and two outputs' gradients, what each of the r + 1 products takes. */
  readonly cells: Matrix;
  readonly kernel: Matrix;
  readonly outputs: Matrix;
}

type Matrix = readonly (readonly number[])[];

/** By r. */
const schemes: ReadonlyMap<number, Scheme> = new Map([
  // y₀ = (d₀ − d₁)g₀ + d₁(g₀ + g₁) and y₁ = d₁(g₀ + g₁) − (d₁ − d₂)g₁
  [
    2,
    {
      cells: [[1, -1, 0], [0, 1, 0], [0, 1, -1]], // prettier-ignore
      kernel: [[1, 0], [1, 1], [0, 1]], // prettier-ignore
      outputs: [[1, 0], [1, 1], [0, -1]], // prettier-ignore
    },
  ],
  [
    3,
    {
      cells: [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]], // prettier-ignore
      kernel: [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]], // prettier-ignore
      outputs: [[1, 0], [1, 1], [1, -1], [0, -1]], // prettier-ignore
    },
  ],
]);

/** The same along two axes. */
const both = (matrix: Matrix): Matrix =>
  matrix.flatMap((row) => matrix.map((other) => row.flatMap((a) => other.map((b) => a * b))));

const turned = (matrix: Matrix): Matrix => (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0));

function schemeOf(c: Convolution): Scheme {
  const scheme = schemes.get(reachOf(c));
  if (!scheme) throw new Error(`no scheme is known for kernels of ${reachOf(c)} strides`);
  return scheme;
}

/** Narrower matrices are sooner multiplied than prepared. */
const CHANNELS_MIN = 16;

export const canWinograd = (c: Convolution): boolean =>
  schemes.has(reachOf(c)) && Math.min(c.channels, c.filters) >= CHANNELS_MIN && canTileOutputs(c);

/**
 * By r, from how many channels on the products that are saved outweigh the sums before and behind them: half the harmonic mean of a cell's channels and the
 * filters. Measured on one CPU (`npm run bench -- --forms --all`): 0.49 to 1.63 of the best other form's time in 55 convolutions, 0.85 in the mean, above 1 in 8.
 */
const PAYS_FROM: ReadonlyMap<number, number> = new Map([
  [2, 40],
  [3, 20],
]);
/** The kernel is prepared once a batch: from so many pictures on that is little. */
const BATCH_MIN = 8;

/** Its name where it is fastest on most CPUs. */
export function winogradOnCpu(c: Convolution): 'winograd' | undefined {
  const channels = c.strideHeight ** 2 * c.channels;
  const saved = (channels * c.filters) / (channels + c.filters);
  const pays = canWinograd(c) && c.batch >= BATCH_MIN && saved >= (PAYS_FROM.get(reachOf(c)) ?? Infinity);
  return pays ? 'winograd' : undefined;
}

export function winogradConvolution(x: Value, filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  const operands = [inputMatrices(x, c, emission), kernelMatrices(filter, c, emission)];
  const products = emission.op('MatMul', operands, [productsOf(c), tilesOf(c), c.filters]);
  const outputs = combined(turned(both(schemeOf(c).outputs)), products, emission);
  const table = emission.indices(`out of tiles ${key(c)}`, () => inverse(tiledOutputs(c)));
  return gatherRows(emission.view(outputs, [TILE ** 2 * tilesOf(c), c.filters]), table, emission);
}

/** The gradient with respect to the kernel. */
export function winogradFilterGradient(x: Value, dy: Value, c: Convolution, emission: Emission): OnnxTensor {
  const operands = [turnedEach(inputMatrices(x, c, emission), emission), outputMatrices(dy, c, emission)];
  const products = emission.op('MatMul', operands, [productsOf(c), cellSize(c), c.filters]);
  const inCells = combined(turned(both(schemeOf(c).kernel)), products, emission);
  const [r, s] = [reachOf(c), c.strideHeight];
  const cells = emission.view(inCells, [r, r, s, s, c.channels * c.filters]);
  const sorted = emission.op('Transpose', [cells], [r, s, r, s, c.channels * c.filters], { perm: [0, 2, 1, 3, 4] });
  return emission.view(sorted, pixelRows(filterShape(c)));
}

/** The gradient with respect to the input: each pixel is the sum over the at most four tiles that look at it. */
export function winogradInputGradient(dy: Value, filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  const operands = [outputMatrices(dy, c, emission), turnedEach(kernelMatrices(filter, c, emission), emission)];
  const products = emission.op('MatMul', operands, [productsOf(c), tilesOf(c), cellSize(c)]);
  // A last row of zeros: what is read where a pixel has fewer tiles.
  const spread = [...turned(both(schemeOf(c).cells)), new Array<number>(productsOf(c)).fill(0)];
  const inTiles = combined(spread, products, emission);
  const pixels = emission.view(inTiles, [spread.length * tilesOf(c) * c.strideHeight ** 2, c.channels]);
  const layers = untiledCells(c).map((table, layer) =>
    gatherRows(
      pixels,
      emission.indices(`layer ${layer} of tiles ${key(c)}`, () => table),
      emission,
    ),
  );
  return pixelsSummed(layers, emission);
}

const cellSize = (c: Convolution): number => c.strideHeight ** 2 * c.channels;
const productsOf = (c: Convolution): number => (reachOf(c) + 1) ** 2;

/** The input's cells in tiles, as they are multiplied. */
function inputMatrices(x: Value, c: Convolution, emission: Emission): OnnxTensor {
  const s = c.strideHeight;
  const [height, width] = [c.height + c.padTop + c.padBottom, c.width + c.padLeft + c.padRight];
  const padded = emission.op(
    'Pad',
    [emission.view(x, inputShape(c)), emission.integers([0, c.padTop, c.padLeft, 0, 0, c.padBottom, c.padRight, 0])],
    [c.batch, height, width, c.channels],
  );
  const table = emission.indices(`tiles ${key(c)}`, () => tiledCells(c));
  const cellRows = emission.view(padded, [(c.batch * height * width) / s, s * c.channels]);
  const shape = [productsOf(c), tilesOf(c), cellSize(c)];
  const tiles = emission.view(gatherRows(cellRows, table, emission), shape);
  return emission.view(combined(both(schemeOf(c).cells), tiles, emission), shape);
}

function kernelMatrices(filter: Value, c: Convolution, emission: Emission): OnnxTensor {
  const [r, s] = [reachOf(c), c.strideHeight];
  const pixels = emission.view(filter, [r, s, r, s, c.channels * c.filters]);
  const cells = emission.op('Transpose', [pixels], [r, r, s, s, c.channels * c.filters], { perm: [0, 2, 1, 3, 4] });
  const stack = emission.view(cells, [r * r, cellSize(c), c.filters]);
  return emission.view(combined(both(schemeOf(c).kernel), stack, emission), [productsOf(c), cellSize(c), c.filters]);
}

function outputMatrices(dy: Value, c: Convolution, emission: Emission): OnnxTensor {
  const table = emission.indices(`into tiles ${key(c)}`, () => tiledOutputs(c));
  const pixels = emission.view(dy, [TILE ** 2 * tilesOf(c), c.filters]);
  const tiled = emission.view(gatherRows(pixels, table, emission), [TILE ** 2, tilesOf(c), c.filters]);
  return emission.view(combined(both(schemeOf(c).outputs), tiled, emission), [productsOf(c), tilesOf(c), c.filters]);
}

/** Sums of the matrices of a stack, as a small matrix says: one product, in one pass. Each matrix of the result is one row. */
function combined(sums: Matrix, stack: OnnxTensor, emission: Emission): OnnxTensor {
  const [count = 1, rows = 1, columns = 1] = stack.shape;
  const numbers = sums.flat();
  const factors = emission.floats(`sums ${numbers}`, [sums.length, count], () => Float32Array.from(numbers));
  const flat = emission.view(stack, [count, rows * columns]);
  return emission.op('MatMul', [factors, flat], [sums.length, rows * columns]);
}

function turnedEach(stack: OnnxTensor, emission: Emission): OnnxTensor {
  const [count = 1, rows = 1, columns = 1] = stack.shape;
  return emission.op('Transpose', [stack], [count, columns, rows], { perm: [0, 2, 1] });
}

/** Rows by a table for all pictures: what is multiplied begins with the product, not with the picture. Only training does this, whose batch is fixed. */
function gatherRows(rows: OnnxTensor, table: OnnxTensor, emission: Emission): OnnxTensor {
  return emission.op('Gather', [rows, table], [table.shape[0] ?? 0, rows.shape[1] ?? 1], { axis: 0 });
}

const key = (c: Convolution): string => `${c.batch} × ${tableKey(c)}`;
