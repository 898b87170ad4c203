import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { PassContext, Tf } from './layerKind';

/**
 * Each picture's row of a table with a row a class, `[classes, C] → [N, 1, …, C]` of rank `rank`. The labels are one-hot or a mixture, `[N, classes]`, so a
 * matrix product looks the rows up: on every provider, with gradients of any order, and mixed where classes are mixed.
 */
export function ofClass(tf: Tf, table: Tensor | undefined, { labels }: PassContext, rank: number): Tensor {
  if (!labels || !table) throw new Error('a conditional layer needs labels');
  const rows = tf.matMul(labels as Tensor2D, table as Tensor2D);
  const [count = 1, size = 1] = rows.shape;
  return rank === 2 ? rows : tf.reshape(rows, [count, ...new Array<number>(rank - 2).fill(1), size]);
}
