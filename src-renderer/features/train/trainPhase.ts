import type { ErrorData } from '#shared/contract/errors';
import type { ProjectDetail } from '#shared/contract/types';
import { checkRecipe, type RecipeProblem } from '#shared/recipe/check';

/** What the Train room shows, and so what its one obvious next action is. */
export type TrainPhase =
  | { readonly phase: 'no-pictures' }
  | { readonly phase: 'broken'; readonly problem: RecipeProblem }
  /** Nothing was trained yet. */
  | { readonly phase: 'ready' }
  | { readonly phase: 'preparing'; readonly label: string; readonly fraction: number }
  | { readonly phase: 'training' }
  | { readonly phase: 'paused' }
  | { readonly phase: 'stopping' }
  | {
      readonly phase: 'stopped';
      readonly reason: 'goal' | 'user' | 'interrupted' | 'error';
      readonly error: ErrorData | undefined;
      /** Step that a resume goes on from; undefined when only a new run is possible. */
      readonly resumeFrom: number | undefined;
      /** The networks were changed since, so the run's state no longer fits them. */
      readonly networksChanged: boolean;
    };

/** A run that is going on is shown as such, whatever was changed meanwhile; then come the things that would stop a start. */
export function trainPhase({ run: status, dataset, recipe }: ProjectDetail): TrainPhase {
  const { run } = status;
  switch (run.state) {
    case 'preparing':
      return { phase: 'preparing', label: run.phase, fraction: run.fraction };
    case 'training':
    case 'paused':
    case 'stopping':
      return { phase: run.state };
    case 'none':
    case 'stopped': {
      if (!dataset || dataset.images === 0) return { phase: 'no-pictures' };
      const [problem] = checkRecipe(recipe).problems;
      if (problem) return { phase: 'broken', problem };
      if (run.state === 'none') return { phase: 'ready' };
      return {
        phase: 'stopped',
        reason: run.reason,
        error: run.error,
        resumeFrom: status.continuable ? status.checkpointStep : undefined,
        networksChanged: !status.continuable,
      };
    }
  }
}
