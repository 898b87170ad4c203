import type { Tf } from '#shared/recipe/layerKind';
import type { Tensor } from '@tensorflow/tfjs-core';

type Results = Readonly<Record<string, Tensor>>;

/** Adds a micro-batch's results to the sum of those before: one after another, so that no two are held at a time. */
export function added<R extends Results>(tf: Tf, sum: R | undefined, results: R): R {
  if (!sum) return results;
  const total = Object.entries(results).map(([name, tensor]) => [name, tf.add(sum[name] as Tensor, tensor)]);
  return Object.fromEntries(total) as R;
}

/** The mean of `count` summed results. */
export function divided<R extends Results>(tf: Tf, sum: R, count: number): R {
  if (count === 1) return sum;
  return Object.fromEntries(Object.entries(sum).map(([name, tensor]) => [name, tf.mul(tensor, 1 / count)])) as R;
}
