import type { Tensor } from '@tensorflow/tfjs-core';
import type { Slide } from './convolution';
import type { Tf } from './layerKind';

/** For each place of a result the place of the source that it shows; −1 where it shows none and is 0. */
export type PlaceTable = Int32Array;

const NOWHERE = -1;

/**
 * Rearranges the places (pixels) of each picture: `[N, P, C] → [N, table.length, C]`. Its gradient is made of such rearrangements again, so it can be
 * differentiated any number of times, and every backend that can gather can run it.
 */
export function takePlaces(tf: Tf, x: Tensor, table: PlaceTable): Tensor {
  const places = x.shape[1] ?? 0;
  return tf.customGrad((source) => ({
    value: gathered(tf, source as Tensor, table),
    gradFunc: (dy: Tensor) =>
      inverseTables(table, places)
        .map((inverse) => takePlaces(tf, dy, inverse))
        .reduce((sum, part) => tf.add(sum, part)),
  }))(x);
}

function gathered(tf: Tf, x: Tensor, table: PlaceTable): Tensor {
  const places = x.shape[1] ?? 0;
  if (!table.includes(NOWHERE)) return tf.gather(x, tf.tensor1d(table, 'int32'), 1);
  // One more place, of zeros, is what those read that show nothing.
  const padded = tf.pad(x, [[0, 0], [0, 1], [0, 0]]); // prettier-ignore
  const indices = table.map((place) => (place === NOWHERE ? places : place));
  return tf.gather(padded, tf.tensor1d(indices, 'int32'), 1);
}

/** Where each place of the source is shown: as many tables as the most shown place needs; their sum is the transposed rearrangement. */
function inverseTables(table: PlaceTable, places: number): PlaceTable[] {
  const tables = [new Int32Array(places).fill(NOWHERE)];
  const shown = new Int32Array(places);
  table.forEach((source, target) => {
    if (source === NOWHERE) return;
    const layer = shown[source] as number;
    shown[source] = layer + 1;
    const inverse = (tables[layer] ??= new Int32Array(places).fill(NOWHERE));
    inverse[source] = target;
  });
  return tables;
}

/**
 * What every window of a picture covers: for each place of the kernel (row by row) the whole map of windows, `kernel² · H' · W'` places. `read` says
 * which place is read at a row and column, which may lie outside.
 */
export function windowTable(rows: Slide, columns: Slide, read: (row: number, column: number) => number): PlaceTable {
  const table = new Int32Array(rows.kernel * columns.kernel * rows.outSide * columns.outSide);
  let next = 0;
  for (let k = 0; k < rows.kernel; k++)
    for (let l = 0; l < columns.kernel; l++)
      for (let y = 0; y < rows.outSide; y++)
        for (let x = 0; x < columns.outSide; x++) {
          table[next++] = read(y * rows.stride + k - rows.before, x * columns.stride + l - columns.before);
        }
  return table;
}

/** Reads nothing outside of the picture. */
export const zerosOutside =
  ({ side: height }: Slide, { side: width }: Slide) =>
  (row: number, column: number): number =>
    row < 0 || column < 0 || row >= height || column >= width ? NOWHERE : row * width + column;

/** Reads the nearest pixel of the border. */
export const edgeOutside = ({ side: height }: Slide, { side: width }: Slide) => {
  const inside = (at: number, side: number) => Math.min(side - 1, Math.max(0, at));
  return (row: number, column: number): number => inside(row, height) * width + inside(column, width);
};

/** Reads as in a mirror that stands on the border's pixels. */
export const mirrorOutside = ({ side: height }: Slide, { side: width }: Slide) => {
  const mirrored = (at: number, side: number) => side - 1 - Math.abs(side - 1 - Math.abs(at));
  return (row: number, column: number): number => mirrored(row, height) * width + mirrored(column, width);
};

/** A feature map `[N, H, W, C]` as one list of places a picture, `[N, H·W, C]`. */
export function asPlaces(tf: Tf, x: Tensor): Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  return tf.reshape(x, [batch, height * width, channels]);
}
