import type { Tf } from '#shared/recipe/layerKind';
import type { AdamSettings } from '#shared/recipe/recipe';
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core';
import { collect } from './collect';

/** One network's flat vectors as tensors. */
export type OptimizerState = {
  readonly weights: Tensor1D;
  readonly firstMoment: Tensor1D;
  readonly secondMoment: Tensor1D;
};

/** How weights follow their gradient. One file each in `optimizers/`. */
export interface Optimizer {
  /** The id in a recipe; equals the file's name and its export. */
  readonly id: string;
  /** What changes with the step (1, 2, …): computed in double precision by the host and handed in, so that the traced step is the same each time. */
  readonly schedule: (settings: AdamSettings, learningRate: number, step: number) => Schedule<number>;
  readonly update: (
    tf: Tf,
    state: OptimizerState,
    gradient: Tensor1D,
    schedule: Schedule<Scalar>,
    settings: AdamSettings,
  ) => OptimizerState;
}

export interface Schedule<Value> {
  readonly rate: Value;
  readonly epsilon: Value;
}

const optimizers = collect<Optimizer>(
  import.meta.glob(['./optimizers/*.ts', '!./optimizers/*.test.ts'], { eager: true }),
);

/** The optimiser of a recipe. */
export function optimizerOf(kind: string): Optimizer {
  const optimizer = optimizers.get(kind);
  if (!optimizer) throw new Error(`no optimiser called ${kind}`);
  return optimizer;
}
