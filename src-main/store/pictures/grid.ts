import type { PictureBatch } from '#shared/contract/types';

/** Columns of a grid that is about as wide as high. */
export function squareColumns(count: number): number {
  return Math.max(1, Math.ceil(Math.sqrt(count)));
}

/** A batch of one: the batch's pictures laid out left to right, row by row; empty places are black. */
export function gridOf(batch: PictureBatch, columns = squareColumns(batch.count)): PictureBatch {
  const { count, width, height, channels } = batch;
  const rows = Math.max(1, Math.ceil(count / columns));
  const stride = columns * width * channels;
  const pixels = new Uint8Array(rows * height * stride);
  eachRow(batch, columns, (row, position) => pixels.set(row, position));
  return { count: 1, width: columns * width, height: rows * height, channels, pixels };
}

/** The inverse of {@link gridOf}: `count` pictures of `width × height` cut out of a grid. */
export function cutGrid(
  grid: PictureBatch,
  { count, width, height }: Pick<PictureBatch, 'count' | 'width' | 'height'>,
): PictureBatch {
  const { channels } = grid;
  const batch = { count, width, height, channels, pixels: new Uint8Array(count * width * height * channels) };
  eachRow(batch, Math.floor(grid.width / width), (row, position) => {
    row.set(grid.pixels.subarray(position, position + row.length));
  });
  return batch;
}

/** Visits each row of pixels of each picture, with its byte position in the grid. */
function eachRow(batch: PictureBatch, columns: number, visit: (row: Uint8Array, position: number) => void): void {
  const { count, width, height, channels, pixels } = batch;
  const rowBytes = width * channels;
  for (let picture = 0; picture < count; picture++) {
    const left = (picture % columns) * rowBytes;
    const top = Math.floor(picture / columns) * height;
    for (let y = 0; y < height; y++) {
      const start = (picture * height + y) * rowBytes;
      visit(pixels.subarray(start, start + rowBytes), (top + y) * columns * rowBytes + left);
    }
  }
}

/** Every picture `scale` times as wide and high, by nearest neighbour: pixels stay pixels. */
export function enlarge(batch: PictureBatch, scale: number): PictureBatch {
  if (scale === 1) return batch;
  const { count, width, height, channels, pixels } = batch;
  const rowBytes = width * scale * channels;
  const target = new Uint8Array(count * height * scale * rowBytes);
  for (let y = 0; y < count * height; y++) {
    const start = y * scale * rowBytes;
    for (let x = 0; x < width * scale; x++) {
      const from = (y * width + Math.floor(x / scale)) * channels;
      for (let channel = 0; channel < channels; channel++) {
        target[start + x * channels + channel] = pixels[from + channel] as number;
      }
    }
    for (let copy = 1; copy < scale; copy++) target.copyWithin(start + copy * rowBytes, start, start + rowBytes);
  }
  return { count, width: width * scale, height: height * scale, channels, pixels: target };
}
