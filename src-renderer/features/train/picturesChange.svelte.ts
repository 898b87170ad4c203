import type { CurationSummary, RunStatus } from '#shared/contract/types';
import { perProject } from '../../app/perProject';
import { isActive } from '../../app/runWords';
import { formatCount, formatCounted } from '../../ui/format';

/** That the pictures are no longer those of the run, in the user's words. */
export interface PicturesChange {
  readonly title: string;
  readonly text: string;
  /** Another one for every other change, so that a dismissed one comes back as a new one only. */
  readonly key: string;
}

/**
 * Compares the pictures as they are now with those that the run reads, or would go on from. Undefined: they are the same, there is nothing to go on
 * from, or it is not known what the run was trained on.
 */
export function picturesChange(run: RunStatus | undefined, now: CurationSummary): PicturesChange | undefined {
  if (!run?.trainedOn || run.trainedOn.hash === now.hash) return undefined;
  const { hash, count: before } = run.trainedOn;
  // One that is still opening them has not begun with the new ones.
  if (run.run.state === 'preparing') return undefined;
  const key = `${hash} ${now.hash} ${isActive(run.run)}`;
  const same = before === now.trained;
  if (isActive(run.run)) {
    const title = 'The pictures were changed during this run';
    const counts = same ? '' : `: ${formatCounted(before, 'picture')}, not the ${formatCount(now.trained)} of now`;
    return {
      key,
      title,
      text: `It goes on with those it began with${counts}. Stop and resume to train on the new ones.`,
    };
  }
  if (run.checkpointStep === undefined || !run.continuable) return undefined;
  const title = `The pictures were changed since step ${formatCount(run.checkpointStep)}`;
  const counts = same
    ? 'They are as many, but others, or of other classes or weights.'
    : `There were ${formatCount(before)}, now ${formatCounted(now.trained, 'picture')} would be trained on.`;
  return {
    key,
    title,
    text: `${counts} The run goes on with them as they are now; for a run on these alone, start a new one.`,
  };
}

/** Which change the user has read and put away. */
class Dismissed {
  key = $state<string>();
}

/** A project's; it outlives the room. */
export const dismissedChange = perProject(() => new Dismissed());
