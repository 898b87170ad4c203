import type { Tensor } from '@tensorflow/tfjs-core';
import type { Slide } from './convolution';
import type { Tf } from './layerKind';

/** A linear map of one side of a picture, `[outSide, side]` row by row. */
export interface SideMap {
  readonly side: number;
  readonly outSide: number;
  readonly matrix: Float32Array;
}

/** Maps rows and columns of every picture, the same for each channel: `[N, H, W, C] → [N, H', W', C]`. */
export function resampled(tf: Tf, x: Tensor, rows: SideMap, columns: SideMap): Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const matrixOf = ({ outSide, side, matrix }: SideMap) => tf.tensor3d(matrix, [1, outSide, side]);
  const shorter = tf.matMul(matrixOf(rows), tf.reshape(x, [batch, height, width * channels]));
  const done = tf.matMul(matrixOf(columns), tf.reshape(shorter, [batch * rows.outSide, width, channels]));
  return tf.reshape(done, [batch, rows.outSide, columns.outSide, channels]);
}

type Sides = Pick<SideMap, 'side' | 'outSide'>;

/** Multiply-adds of {@link resampled} for each channel of a picture. */
export const resamplingWork = (rows: Sides, columns: Sides): number =>
  rows.outSide * columns.side * (rows.side + columns.outSide);

/** Whether windows lie side by side and cover the picture: their means are sums of neighbours, with no matrix. */
export const inTiles = (...slides: readonly Slide[]): boolean =>
  slides.every(({ kernel, stride, side }) => kernel === stride && side % kernel === 0);

/** The mean of what each window covers of the side; what lies outside does not count. */
export function windowMeans({ side, outSide, kernel, stride, before }: Slide): SideMap {
  return meansOf(side, outSide, (out) => {
    const first = out * stride - before;
    return [Math.max(0, first), Math.min(side, first + kernel)];
  });
}

/** Means over as many nearly equal parts as wanted (PyTorch's adaptive average pooling); a shorter side repeats pixels. */
export function windowMeansTo(side: number, outSide: number): SideMap {
  const edge = (part: number) => (part * side) / outSide;
  return meansOf(side, outSide, (out) => [Math.floor(edge(out)), Math.ceil(edge(out + 1))]);
}

function meansOf(side: number, outSide: number, range: (out: number) => readonly [number, number]): SideMap {
  const matrix = new Float32Array(outSide * side);
  for (let out = 0; out < outSide; out++) {
    const [first, end] = range(out);
    matrix.fill(1 / (end - first), out * side + first, out * side + end);
  }
  return { side, outSide, matrix };
}

/** Linear interpolation between the centres of pixels, the outermost repeated: what PyTorch calls `align_corners=False`. */
export function interpolation(side: number, factor: number): SideMap {
  const outSide = side * factor;
  const matrix = new Float32Array(outSide * side);
  for (let out = 0; out < outSide; out++) {
    const at = Math.min(side - 1, Math.max(0, (out + 0.5) / factor - 0.5));
    const first = Math.min(Math.floor(at), side - 1);
    const second = Math.min(first + 1, side - 1);
    const share = at - first;
    matrix[out * side + first] = 1 - share;
    if (share > 0) matrix[out * side + second] = share;
  }
  return { side, outSide, matrix };
}
