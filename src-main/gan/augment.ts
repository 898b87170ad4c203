import type { Tf } from '#shared/recipe/layerKind';
import type { Recipe } from '#shared/recipe/recipe';
import type { Tensor } from '@tensorflow/tfjs-core';
import { collect } from './collect';

/**
 * A change of pictures before D sees them (DiffAugment, Zhao et al. 2020). The host draws what it does to each picture, the step does it. One file each in
 * `augments/`.
 */
export interface Augment {
  /** Name of the step's input with its numbers; equals the file's name and its export. */
  readonly id: string;
  /** Its place in the order in which changes are made. */
  readonly order: number;
  /** Stream of the seed that its numbers come from. */
  readonly stream: number;
  /** What leaves a picture as it is; so many numbers it takes for each. */
  readonly unchanged: readonly number[];
  readonly isOn: (recipe: Recipe) => boolean;
  /** A picture's numbers from as many drawn ones, uniform in −1 … 1. */
  readonly numbers: (drawn: readonly number[], recipe: Recipe) => readonly number[];
  /** Pictures `[N, H, W, C]` by their numbers `[N, …unchanged]`. Differentiable once, by the pictures. */
  readonly apply: (tf: Tf, pictures: Tensor, numbers: Tensor, recipe: Recipe) => Tensor;
}

const augments = collect<Augment>(import.meta.glob(['./augments/*.ts', '!./augments/*.test.ts'], { eager: true }));

/** Every change there is, in the order in which they are made. */
export const allAugments: readonly Augment[] = [...augments.values()].sort((a, b) => a.order - b.order);

/** The changes that a recipe asks for. */
export const augmentsOf = (recipe: Recipe): Augment[] => allAugments.filter(({ isOn }) => isOn(recipe));

/** Whether the changes are made to a part of the pictures that follows D's verdicts; a VAE has none. */
export const isAdaptive = (recipe: Recipe): boolean =>
  recipe.model.kind === 'gan' && recipe.augmentation.adaptive && augmentsOf(recipe).length > 0;

/** What is drawn for a batch: numbers of each change by its id. */
export type AugmentNumbers = Readonly<Record<string, Tensor | undefined>>;

/** Pictures as D sees them: changed by all that the recipe asks for. */
export function augmented(tf: Tf, recipe: Recipe, pictures: Tensor, numbers: AugmentNumbers): Tensor {
  return augmentsOf(recipe).reduce((changed, { id, apply }) => {
    const own = numbers[id];
    if (!own) throw new Error(`the recipe changes pictures by ${id}: a step needs its numbers`);
    return apply(tf, changed, own, recipe);
  }, pictures);
}
