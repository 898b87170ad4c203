import type { Tf } from '#shared/recipe/layerKind';
import type { OptimizerId, OptimizerSettings } from '#shared/recipe/optimizer';
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core';
import { collect } from './collect';

/** One network's flat vectors as tensors. Those that its optimiser does not keep are zeros. */
export type OptimizerState = {
  readonly weights: Tensor1D;
  readonly firstMoment: Tensor1D;
  readonly secondMoment: Tensor1D;
};

/** What an optimiser remembers from step to step, a number for each weight. */
export type Moment = Exclude<keyof OptimizerState, 'weights'>;

/** The settings of one kind of optimiser. */
type SettingsOf<Id extends OptimizerId> = Extract<OptimizerSettings, { readonly kind: Id }>;

/** How weights follow their gradient. One file each in `optimizers/`. */
export interface Optimizer<Id extends OptimizerId = OptimizerId> {
  /** The id in a recipe; equals the file's name and its export. */
  readonly id: Id;
  /** The vectors that it reads and writes; the compiled step has no others as inputs and outputs. */
  readonly keeps: (settings: SettingsOf<Id>) => readonly Moment[];
  /** What changes with the step (1, 2, …): computed in double precision by the host and handed in, so that the traced step is the same each time. */
  readonly schedule: (settings: SettingsOf<Id>, learningRate: number, step: number) => Schedule<number>;
  /** The weights after a step, and the moments that it keeps. */
  readonly update: (
    tf: Tf,
    state: OptimizerState,
    gradient: Tensor1D,
    schedule: Schedule<Scalar>,
    settings: SettingsOf<Id>,
  ) => Pick<OptimizerState, 'weights'> & Partial<OptimizerState>;
}

export interface Schedule<Value> {
  readonly rate: Value;
  readonly epsilon: Value;
  /** Part of each weight that a step takes away (weight decay). */
  readonly shrink: Value;
}

/** The numbers of a schedule in the order in which a step's input has them. */
export const scheduleNames = ['rate', 'epsilon', 'shrink'] as const satisfies readonly (keyof Schedule<number>)[];

/** The schedule whose numbers begin at a place. */
export function scheduleAt(numbers: readonly Scalar[], at: number): Schedule<Scalar> {
  const named = scheduleNames.map((name, index) => [name, numbers[at + index]]);
  return Object.fromEntries(named) as unknown as Schedule<Scalar>;
}

const optimizers = collect<Optimizer>(
  import.meta.glob(['./optimizers/*.ts', '!./optimizers/*.test.ts'], { eager: true }),
);

/** The optimiser of a recipe. */
export function optimizerOf({ kind }: OptimizerSettings): Optimizer {
  const optimizer = optimizers.get(kind);
  if (!optimizer) throw new Error(`no optimiser called ${kind}`);
  return optimizer;
}

/** The whole state after a step of the optimiser that `settings` name; what it does not keep becomes zero. */
export function follow(
  tf: Tf,
  state: OptimizerState,
  gradient: Tensor1D,
  schedule: Schedule<Scalar>,
  settings: OptimizerSettings,
): OptimizerState {
  const after = optimizerOf(settings).update(tf, state, gradient, schedule, settings);
  const none = () => tf.zerosLike(state.weights);
  return {
    weights: after.weights,
    firstMoment: after.firstMoment ?? none(),
    secondMoment: after.secondMoment ?? none(),
  };
}
