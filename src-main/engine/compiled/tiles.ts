import type { Convolution } from './convolution';

/** Outputs along each side of a tile. */
export const TILE = 2;

/** Of all pictures, each falling into tiles of 2×2 outputs. */
export const tilesOf = (c: Convolution): number => (c.batch * c.outHeight * c.outWidth) / TILE ** 2;

/** How many strides the kernel is long; a tile looks at one cell of stride × stride pixels more. */
export const reachOf = (c: Convolution): number => c.kernelHeight / c.strideHeight;

/** Whether the outputs fall into whole tiles and the padded input into whole cells, alike along both axes. */
export function canTileOutputs(c: Convolution): boolean {
  const { strideHeight: s } = c;
  const along = (side: number, before: number, behind: number, outSide: number, kernel: number, stride: number) =>
    stride === s &&
    kernel === c.kernelHeight &&
    outSide % TILE === 0 &&
    Math.min(before, behind) >= 0 &&
    before + side + behind === (outSide - 1) * s + kernel;
  return (
    Number.isInteger(reachOf(c)) &&
    along(c.height, c.padTop, c.padBottom, c.outHeight, c.kernelHeight, c.strideHeight) &&
    along(c.width, c.padLeft, c.padRight, c.outWidth, c.kernelWidth, c.strideWidth)
  );
}

/** Visits tiles, picture by picture and row by row. */
function forEachTile(c: Convolution, visit: (picture: number, row: number, column: number) => void): void {
  for (let picture = 0; picture < c.batch; picture++)
    for (let row = 0; row < c.outHeight / TILE; row++)
      for (let column = 0; column < c.outWidth / TILE; column++) visit(picture, row, column);
}

/** For each cell that a tile looks at and each tile the cell's rows of pixels in the padded input. */
export function tiledCells(c: Convolution): Int32Array {
  const s = c.strideHeight;
  const reach = reachOf(c);
  const [height, width] = [c.outHeight + reach - 1, c.outWidth + reach - 1];
  const list: number[] = [];
  for (let u = 0; u <= reach; u++)
    for (let v = 0; v <= reach; v++)
      forEachTile(c, (picture, row, column) => {
        const first = (picture * height + TILE * row + u) * s;
        for (let y = 0; y < s; y++) list.push((first + y) * width + TILE * column + v);
      });
  return Int32Array.from(list);
}

/** For each of a tile's outputs and each tile where that output lies. */
export function tiledOutputs(c: Convolution): Int32Array {
  const list: number[] = [];
  for (let a = 0; a < TILE; a++)
    for (let b = 0; b < TILE; b++)
      forEachTile(c, (picture, row, column) => {
        list.push((picture * c.outHeight + TILE * row + a) * c.outWidth + TILE * column + b);
      });
  return Int32Array.from(list);
}

/** Of a table that visits every place once: where each place was visited. */
export function inverse(table: Int32Array): Int32Array {
  const result = new Int32Array(table.length);
  table.forEach((place, at) => (result[place] = at));
  return result;
}

/**
 * For each input pixel the pixels of tiles' cells, `[cells, tiles, s, s]`, that are its own, one table a tile that looks at it; where fewer do, the first
 * pixel behind all.
 */
export function untiledCells(c: Convolution): Int32Array[] {
  const s = c.strideHeight;
  const side = reachOf(c) + 1;
  const [rows, columns] = [c.outHeight / TILE, c.outWidth / TILE];
  const pixels = s * s * tilesOf(c);
  const tables: Int32Array[] = [];
  let pixel = 0;
  for (let picture = 0; picture < c.batch; picture++)
    for (let y = c.padTop; y < c.padTop + c.height; y++)
      for (let x = c.padLeft; x < c.padLeft + c.width; x++, pixel++) {
        let layer = 0;
        for (const [row, u] of tilesAround(Math.floor(y / s), rows, side))
          for (const [column, v] of tilesAround(Math.floor(x / s), columns, side)) {
            const tile = (picture * rows + row) * columns + column;
            const table = (tables[layer++] ??= new Int32Array(c.batch * c.height * c.width).fill(side ** 2 * pixels));
            table[pixel] = (u * side + v) * pixels + (tile * s + (y % s)) * s + (x % s);
          }
      }
  return tables;
}

/** The tiles along an axis that look at a cell, and as which of their cells. */
function tilesAround(cell: number, tiles: number, side: number): (readonly [tile: number, cell: number])[] {
  return Array.from({ length: side }, (_, own) => [(cell - own) / TILE, own] as const).filter(
    ([tile]) => Number.isInteger(tile) && tile >= 0 && tile < tiles,
  );
}
