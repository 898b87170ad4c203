import type { PictureBatch } from '#shared/contract/types';

/** Bytes of one picture as canvas pixels: `[H, W, 1 | 3]` → RGBA. */
export function pictureToRgba(batch: PictureBatch, index: number): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, channels, pixels } = batch;
  const size = width * height;
  const rgba = new Uint8ClampedArray(size * 4);
  const start = index * size * channels;
  for (let pixel = 0; pixel < size; pixel++) {
    const from = start + pixel * channels;
    const to = pixel * 4;
    const first = pixels[from] ?? 0;
    rgba[to] = first;
    rgba[to + 1] = channels === 3 ? (pixels[from + 1] ?? 0) : first;
    rgba[to + 2] = channels === 3 ? (pixels[from + 2] ?? 0) : first;
    rgba[to + 3] = 255;
  }
  return rgba;
}

/** A batch on a canvas of its own, to draw scaled copies from. */
export interface PictureAtlas {
  readonly width: number;
  readonly height: number;
  /** Draws a picture with its top left at (x, y), each pixel `scale` wide; the caller turned smoothing off. */
  readonly draw: (context: CanvasRenderingContext2D, index: number, x: number, y: number, scale: number) => void;
}

/** The atlas is nearly square: a strip of 1024 pictures would be longer than browsers allow a canvas to be. */
export function pictureAtlas(batch: PictureBatch): PictureAtlas {
  const { width, height, count } = batch;
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)));
  const canvas = document.createElement('canvas');
  canvas.width = width * columns;
  canvas.height = height * Math.max(1, Math.ceil(count / columns));
  const left = (index: number) => (index % columns) * width;
  const top = (index: number) => Math.floor(index / columns) * height;
  const own = canvas.getContext('2d');
  for (let index = 0; own && index < count; index++) {
    own.putImageData(new ImageData(pictureToRgba(batch, index), width, height), left(index), top(index));
  }
  return {
    width,
    height,
    draw: (context, index, x, y, scale) =>
      context.drawImage(canvas, left(index), top(index), width, height, x, y, width * scale, height * scale),
  };
}

export interface GridPlan {
  readonly columns: number;
  readonly rows: number;
  /** Device pixels a picture pixel: whole, so that no pixel is wider than another. */
  readonly scale: number;
}

interface GridRequest {
  readonly count: number;
  /** Side lengths of a picture, pixels. */
  readonly width: number;
  readonly height: number;
  /** Room for the grid, device pixels; an undefined height does not limit it. */
  readonly roomWidth: number;
  readonly roomHeight: number | undefined;
  readonly gap: number;
  /** Given: so many; otherwise those that show the pictures largest. */
  readonly columns?: number | undefined;
  readonly maxScale?: number | undefined;
}

/** Columns and the largest whole scale at which all pictures fit; scale 1 where nothing fits. */
export function planGrid(request: GridRequest): GridPlan {
  const { count, width, height, roomWidth, roomHeight, gap, maxScale = 32 } = request;
  const scaleFor = (columns: number): number => {
    const rows = Math.ceil(count / columns);
    const across = (roomWidth - gap * (columns - 1)) / (columns * width);
    const down = roomHeight === undefined ? across : (roomHeight - gap * (rows - 1)) / (rows * height);
    return Math.min(maxScale, Math.floor(Math.min(across, down)));
  };
  const plan = (columns: number): GridPlan => ({
    columns,
    rows: Math.ceil(count / columns),
    scale: Math.max(1, scaleFor(columns)),
  });
  if (request.columns !== undefined) return plan(Math.max(1, Math.min(request.columns, count || 1)));
  // The squarest of the grids with the best scale looks calm.
  const candidates = Array.from({ length: Math.max(1, count) }, (_, index) => plan(index + 1));
  const best = Math.max(...candidates.map(({ columns }) => scaleFor(columns)));
  const fitting = candidates.filter(({ columns }) => scaleFor(columns) === best);
  const empty = ({ columns, rows }: GridPlan) => columns * rows - count;
  const [first = plan(1)] = fitting.toSorted(
    (a, b) => empty(a) - empty(b) || Math.abs(a.columns - a.rows) - Math.abs(b.columns - b.rows),
  );
  return first;
}
