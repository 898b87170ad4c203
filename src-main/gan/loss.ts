import type { Tf } from '#shared/recipe/layerKind';
import type { LossId, LossSettings } from '#shared/recipe/loss';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { collect } from './collect';

/** The settings of one kind of loss. */
type SettingsOf<Id extends LossId> = Extract<LossSettings, { readonly kind: Id }>;

/** What D and G each minimise, from D's outputs `[N, 1]` before any squashing. One file each in `losses/`. */
export interface Loss<Id extends LossId = LossId> {
  /** The id in a recipe; equals the file's name and its export. */
  readonly id: Id;
  readonly discriminator: (tf: Tf, real: Tensor, fake: Tensor, settings: SettingsOf<Id>) => Scalar;
  /** `real` is D's output on the reals of the same step, by the same weights; see {@link generatorSeesReals}. */
  readonly generator: (tf: Tf, fake: Tensor, real: Tensor, settings: SettingsOf<Id>) => Scalar;
  /** Whether G's loss looks at reals too. Otherwise D is not asked about them again, and `real` is D's output before its update. */
  readonly generatorSeesReals: boolean;
  /** What the report calls D(x) and D(G(z)): between 0 and 1 for each picture, ½ where D is undecided. */
  readonly verdicts: (tf: Tf, real: Tensor, fake: Tensor) => { readonly real: Tensor; readonly fake: Tensor };
  /** D's weights after an update, made to keep what the loss demands of them. */
  readonly constrain?: (tf: Tf, weights: Tensor1D, settings: SettingsOf<Id>) => Tensor1D;
}

const losses = collect<Loss>(import.meta.glob(['./losses/*.ts', '!./losses/*.test.ts'], { eager: true }));

/** The loss of a recipe. */
export function lossOf({ kind }: LossSettings): Loss {
  const loss = losses.get(kind);
  if (!loss) throw new Error(`no loss called ${kind}`);
  return loss;
}
