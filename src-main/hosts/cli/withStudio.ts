import { createStudio, type Studio } from '../../studio/studio';
import { homeFolder, version } from '../program';
import { JobWords } from './jobWords';
import { ProgressLine } from './report';

/** Runs a command's work with a studio of its own, shows its jobs' progress, and closes it however the work ends. */
export async function withStudio<T>(work: (studio: Studio) => Promise<T>): Promise<T> {
  const studio = createStudio({ home: homeFolder(), host: 'cli', version });
  const line = new ProgressLine();
  const words = new JobWords();
  const silence = studio.onEvent((message) => {
    const said = words.after(message);
    if (said) line.show(said);
  });
  try {
    return await work(studio);
  } finally {
    silence();
    line.clear();
    await studio.close();
  }
}
