import type { LayerNode } from '#shared/recipe/recipe';
import type { Tf } from '#shared/recipe/layerKind';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

interface Checked {
  readonly node: LayerNode;
  /** With defaults filled in. */
  readonly settings: unknown;
}

const upsampling = { factor: 2, method: 'nearest' };
const convolution = {
  kernel: 3,
  kernelWidth: 0,
  stride: 1,
  strideWidth: 0,
  padding: 'same',
  outside: 'zero',
  groups: 1,
  spectralNorm: false,
};

/** Whether a layer and the one it reads are nearest-neighbour upsampling ×2 and a convolution that can be computed as one. */
export function foldsUpsampling(before: Checked | undefined, layer: Checked): boolean {
  return has(before, 'upsample', upsampling) && has(layer, 'conv2d', convolution);
}

function has(layer: Checked | undefined, kind: string, wanted: Readonly<Record<string, unknown>>): boolean {
  const settings = layer?.settings as Readonly<Record<string, unknown>>;
  return layer?.node.kind === kind && Object.entries(wanted).every(([key, value]) => settings[key] === value);
}

/**
 * A 3×3 convolution of a picture whose pixels were repeated 2×2, without repeating them: a transposed convolution 4×4 with stride 2, which has 2.25 times
 * fewer multiplications. Each of its weights is the sum of those that fall on the same source pixel. `x` `[N, H, W, C]`, `kernel` `[3, 3, C, F]` →
 * `[N, 2·H, 2·W, F]`. Its gradients follow by differentiation.
 */
export function upsampledConvolution(tf: Tf, x: Tensor, kernel: Tensor): Tensor {
  const [batch = 1, height = 1, width = 1] = x.shape;
  const [, , channels = 1, filters = 1] = kernel.shape;
  const columns = tf.reshape(kernel, [9, channels * filters]) as Tensor2D;
  const summed = tf.reshape(tf.matMul(tf.tensor2d(summing(), [16, 9]), columns), [4, 4, channels, filters]);
  const stamp = tf.transpose(summed, [0, 1, 3, 2]) as Tensor4D;
  return tf.conv2dTranspose(x as Tensor4D, stamp, [batch, 2 * height, 2 * width, filters], 2, 'same');
}

/**
 * `[16, 9]`: which weights of the 3×3 kernel make up each of the 4×4. Output row 2·y + r − 1 gets, from source row y stamped with row r, those
 * kernel rows k that read one of its two copies, 2·y or 2·y + 1: r = 2 − k + a for a in 0, 1.
 */
function summing(): Float32Array {
  const matrix = new Float32Array(16 * 9);
  for (let k = 0; k < 3; k++)
    for (let l = 0; l < 3; l++)
      for (let a = 0; a < 2; a++)
        for (let b = 0; b < 2; b++) matrix[((2 - k + a) * 4 + (2 - l + b)) * 9 + k * 3 + l] = 1;
  return matrix;
}
