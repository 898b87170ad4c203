import type { Tf } from '#shared/recipe/layerKind';
import type { RegularizerId, RegularizerSettings } from '#shared/recipe/regularizer';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { collect } from './collect';

type PenaltyId = Exclude<RegularizerId, 'none'>;

/** D's outputs `[N, 1]` for pictures with their classes (undefined in a recipe without), differentiable twice. */
export type Critic = (pictures: Tensor, labels: Tensor | undefined) => Tensor;

/** What a penalty is taken from. Pictures are as D sees them, augmented: `[N, H, W, C]`. */
export interface PenaltyInputs {
  readonly real: Tensor;
  readonly fake: Tensor;
  /** `[N, classes]`, in a recipe with classes. */
  readonly realLabels: Tensor | undefined;
  readonly fakeLabels: Tensor | undefined;
  readonly critic: Critic;
  /** `[N]` in 0 … 1: how much of the real picture is in a mixture of real and fake. */
  readonly mix: Tensor | undefined;
}

/** A penalty on D's slope, added to its loss. One file each in `regularizers/`. */
export interface Regularizer<Id extends PenaltyId = PenaltyId> {
  /** The id in a recipe; equals the file's name and its export. */
  readonly id: Id;
  /** The penalty as its paper has it, weighted; laziness is added by the step. */
  readonly penalty: (
    tf: Tf,
    inputs: PenaltyInputs,
    settings: Extract<RegularizerSettings, { readonly kind: Id }>,
  ) => Scalar;
}

const regularizers = collect<Regularizer>(
  import.meta.glob(['./regularizers/*.ts', '!./regularizers/*.test.ts'], { eager: true }),
);

/** The penalty of a recipe that has one. */
export function regularizerOf(kind: PenaltyId): Regularizer {
  const regularizer = regularizers.get(kind);
  if (!regularizer) throw new Error(`no regularizer called ${kind}`);
  return regularizer;
}
