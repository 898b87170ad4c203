import { describe, expect, it } from 'vitest';
import type { RunState, RunStatus } from '#shared/contract/types';
import { trainPhase } from './trainPhase';

const status = (run: RunState, more: Partial<RunStatus> = {}): RunStatus => ({
  projectId: 'p',
  runId: 'r',
  run,
  step: 100,
  goal: 1000,
  seed: 1,
  untuned: false,
  engine: undefined,
  report: undefined,
  secondsLeft: undefined,
  checkpointStep: 80,
  trainedOn: undefined,
  continuable: true,
  classes: [],
  ...more,
});
const ready = { ready: true } as const;
const noPictures = { ready: false, reason: 'There are no pictures yet.', room: 'data' } as const;

describe('trainPhase', () => {
  it('sends the user where the obstacle is', () => {
    expect(trainPhase(undefined, noPictures)).toEqual({
      phase: 'blocked',
      reason: 'There are no pictures yet.',
      room: 'data',
    });
    expect(trainPhase(status({ state: 'stopped', reason: 'goal' }), noPictures).phase).toBe('blocked');
  });

  it('shows a run that is going on even when the recipe was broken meanwhile', () => {
    expect(trainPhase(status({ state: 'training' }), noPictures)).toEqual({ phase: 'training' });
    expect(trainPhase(status({ state: 'preparing', phase: 'Compiling', fraction: 0.3 }), noPictures)).toEqual({
      phase: 'preparing',
      label: 'Compiling',
      fraction: 0.3,
    });
  });

  it('is ready before the first run', () => {
    expect(trainPhase(status({ state: 'none' }), ready)).toEqual({ phase: 'ready' });
  });

  it('goes on from the checkpoint, not from the step reached', () => {
    expect(trainPhase(status({ state: 'stopped', reason: 'interrupted' }), ready)).toMatchObject({ resumeFrom: 80 });
  });

  it('offers only a new run when the networks changed', () => {
    const phase = trainPhase(status({ state: 'stopped', reason: 'user' }, { continuable: false }), ready);
    expect(phase).toMatchObject({ resumeFrom: undefined, networksChanged: true });
  });
});
