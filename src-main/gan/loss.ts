import type { Tf } from '#shared/recipe/layerKind';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { collect } from './collect';

/** What D and G each minimise, from D's verdicts (logits `[N, 1]`). One file each in `losses/`. */
export interface Loss {
  /** The id in a recipe; equals the file's name and its export. */
  readonly id: string;
  readonly discriminator: (tf: Tf, realLogits: Tensor, fakeLogits: Tensor) => Scalar;
  readonly generator: (tf: Tf, fakeLogits: Tensor) => Scalar;
}

const losses = collect<Loss>(import.meta.glob(['./losses/*.ts', '!./losses/*.test.ts'], { eager: true }));

/** The loss of a recipe. */
export function lossOf(kind: string): Loss {
  const loss = losses.get(kind);
  if (!loss) throw new Error(`no loss called ${kind}`);
  return loss;
}
