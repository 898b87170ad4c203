import type { ConsistencySettings } from '#shared/recipe/consistency';
import type { Tf } from '#shared/recipe/layerKind';
import type { Recipe } from '#shared/recipe/recipe';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Critic } from './regularizer';
import { translate } from './translate';

/** Pictures as D saw them `[N, H, W, C]`, what it said of them `[N, 1]`, and how their second version is shifted `[N, 2]`. */
interface Look {
  readonly pictures: Tensor;
  readonly labels: Tensor | undefined;
  readonly output: Tensor;
  readonly shift: Tensor | undefined;
}

/** Versions that are compared in an update, each with its weight. */
const weights = (settings: ConsistencySettings): readonly number[] => {
  switch (settings.kind) {
    case 'none':
      return [];
    case 'real':
      return [settings.realWeight];
    case 'balanced':
      return [settings.realWeight, settings.fakeWeight];
  }
};

/** Shifts of second versions that an update needs for each of its pictures: none, those of reals, or those of reals and fakes. */
export const comparedVersions = ({ consistency }: Recipe): number => weights(consistency).length;

/** Largest shift in whole pixels; 0 without consistency. */
export function consistencyReach({ consistency, image }: Recipe): number {
  return consistency.kind === 'none' ? 0 : Math.max(1, Math.round(consistency.translation * image.size));
}

/** Σ λ · E(D(x) − D(T(x)))² over reals (Zhang et al. 2020, equation 1), and over fakes too (Zhao et al. 2021, algorithm 1), T a shift. */
export function inconsistency(
  tf: Tf,
  recipe: Recipe,
  critic: Critic,
  looks: readonly [real: Look, fake: Look],
): Scalar | undefined {
  const reach = consistencyReach(recipe);
  return weights(recipe.consistency).reduce<Scalar | undefined>((sum, weight, index) => {
    const { pictures, labels, output, shift } = looks[index] as Look;
    if (!shift) throw new Error('consistency needs the shifts of the second versions');
    const second = critic(translate(tf, pictures, shift, reach), labels);
    const term = tf.mul<Scalar>(tf.mean(tf.square(tf.sub(output, second))), weight);
    return sum ? tf.add<Scalar>(sum, term) : term;
  }, undefined);
}
