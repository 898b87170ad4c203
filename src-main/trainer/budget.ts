import type { Budget } from '#shared/contract/api';

/** Where a run stands; `seconds` is training time, pauses not counted. */
export interface Progress {
  readonly step: number;
  readonly seconds: number;
}

export interface Goal {
  /** Whether the budget of this start is used up. */
  readonly reached: (now: Progress) => boolean;
  /** The step at which it will be; for a budget of time an estimate from the speed of late (seconds a step). */
  readonly step: (now: Progress, secondsPerStep: number | undefined) => number;
}

/** The end that a start aims at, from where the run stands at that start. */
export function goalOf(budget: Budget, start: Progress, imagesPerStep: number, recipeSteps: number): Goal {
  const atStep = (goal: number): Goal => ({ reached: ({ step }) => step >= goal, step: () => goal });
  switch (budget.kind) {
    case 'goal':
      return atStep(recipeSteps);
    case 'steps':
      return atStep(start.step + budget.steps);
    case 'images':
      return atStep(start.step + Math.ceil(budget.images / imagesPerStep));
    case 'minutes': {
      const end = start.seconds + budget.minutes * 60;
      return {
        reached: ({ seconds }) => seconds >= end,
        step: ({ step, seconds }, secondsPerStep) =>
          secondsPerStep ? step + Math.max(0, Math.ceil((end - seconds) / secondsPerStep)) : step,
      };
    }
  }
}
