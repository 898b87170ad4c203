import type { ErrorData } from '#shared/contract/errors';
import type { RunStatus } from '#shared/contract/types';
import type { Readiness } from '../../app/readiness';
import type { RoomId } from '../../app/rooms';

/** How the last run ended, and how it could go on. */
export interface StoppedRun {
  readonly phase: 'stopped';
  readonly reason: 'goal' | 'user' | 'interrupted' | 'error';
  readonly error: ErrorData | undefined;
  /** Step that it would go on from; undefined: only a new run is possible. */
  readonly resumeFrom: number | undefined;
  /** The networks were changed since, so the run's state no longer fits them. */
  readonly networksChanged: boolean;
}

/** What the Train room's action card shows, and so what the one obvious next action is. */
export type TrainPhase =
  | { readonly phase: 'blocked'; readonly reason: string; readonly room: RoomId }
  /** Nothing was trained yet. */
  | { readonly phase: 'ready' }
  | { readonly phase: 'preparing'; readonly label: string; readonly fraction: number }
  | { readonly phase: 'training' | 'paused' | 'stopping' }
  | StoppedRun;

/** A run that is going on is shown as such, whatever was changed meanwhile; else what keeps it from starting comes first. */
export function trainPhase(status: RunStatus | undefined, readiness: Readiness): TrainPhase {
  const run = status?.run ?? { state: 'none' };
  if (run.state === 'preparing') return { phase: 'preparing', label: run.phase, fraction: run.fraction };
  if (run.state === 'training' || run.state === 'paused' || run.state === 'stopping') return { phase: run.state };
  if (!readiness.ready) return { phase: 'blocked', reason: readiness.reason, room: readiness.room };
  if (run.state === 'none' || !status) return { phase: 'ready' };
  return {
    phase: 'stopped',
    reason: run.reason,
    error: run.error,
    resumeFrom: status.continuable ? status.checkpointStep : undefined,
    networksChanged: !status.continuable,
  };
}
