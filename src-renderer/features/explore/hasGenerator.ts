import type { RunStatus } from '#shared/contract/types';

/** Whether the project has a generator that can draw: one of a checkpoint, or of a run that has made steps. */
export function hasGenerator(run: RunStatus | undefined): boolean {
  return run !== undefined && (run.checkpointStep !== undefined || run.step > 0);
}
