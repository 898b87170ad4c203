import type { RunState } from '#shared/contract/types';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CirclePause from '@lucide/svelte/icons/circle-pause';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import CircleStop from '@lucide/svelte/icons/circle-stop';
import Hourglass from '@lucide/svelte/icons/hourglass';
import type { Icon } from '../ui/icon';

export interface RunWords {
  readonly word: string;
  readonly icon: Icon;
  readonly tone: 'quiet' | 'ok' | 'warn' | 'stop';
}

/** A run's state as it is shown everywhere: icon, word and tone, never a colour alone. */
export function runWords(run: RunState): RunWords {
  switch (run.state) {
    case 'none':
      return { word: 'not trained yet', icon: CircleDashed, tone: 'quiet' };
    case 'preparing':
      return { word: run.phase, icon: Hourglass, tone: 'warn' };
    case 'training':
      return { word: 'training', icon: CirclePlay, tone: 'ok' };
    case 'paused':
      return { word: 'paused', icon: CirclePause, tone: 'warn' };
    case 'stopping':
      return { word: 'stopping', icon: Hourglass, tone: 'warn' };
    case 'stopped':
      switch (run.reason) {
        case 'goal':
          return { word: 'finished', icon: CircleCheck, tone: 'ok' };
        case 'user':
          return { word: 'stopped', icon: CircleStop, tone: 'quiet' };
        case 'interrupted':
          return { word: 'interrupted', icon: CircleAlert, tone: 'warn' };
        case 'error':
          return { word: 'failed', icon: CircleAlert, tone: 'stop' };
      }
  }
}

/** Whether a run occupies the trainer: it can be paused or stopped, and its recipe stays as it is. */
export function isActive(run: RunState): boolean {
  return run.state === 'preparing' || run.state === 'training' || run.state === 'paused' || run.state === 'stopping';
}
