import type { JobProgress } from '#shared/contract/events';
import { createStudio, type Studio } from '../../studio/studio';
import { homeFolder, version } from '../program';
import { ProgressLine } from './report';

/** Runs a command's work with a studio of its own, shows its jobs' progress, and closes it however the work ends. */
export async function withStudio<T>(work: (studio: Studio) => Promise<T>): Promise<T> {
  const studio = createStudio({ home: homeFolder(), host: 'cli', version });
  const line = new ProgressLine();
  const silence = studio.onEvent((message) => {
    if (message.event === 'job.progress') line.show(describe(message.data));
  });
  try {
    return await work(studio);
  } finally {
    silence();
    line.clear();
    await studio.close();
  }
}

function describe({ label, done, total, secondsLeft }: JobProgress): string {
  const counted = total === undefined ? '' : ` ${done} of ${total}`;
  const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  return `${label}${counted}${left}`;
}
