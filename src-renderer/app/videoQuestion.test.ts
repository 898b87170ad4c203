import { describe, expect, it } from 'vitest';
import { GanvasError } from '#shared/contract/errors';
import type { NamedFile } from '../transport/dropped';
import type { OpenVideo } from '../video/openVideo';
import { VideoQuestion } from './videoQuestion.svelte';

/** A video whose decoder fails at a frame, where one is said. */
function video(name: string, frames: number, broken?: number): OpenVideo {
  return {
    name,
    frames,
    seconds: frames / 25,
    width: 64,
    height: 48,
    async *pictures(every) {
      for (let frame = 0; frame < frames; frame++) {
        if (frame === broken) throw new GanvasError('video.broken-off', { file: name, frame, taken: 1, problem: 'x' });
        if (frame % every === 0) yield { name: `${name} ${frame}`, file: new File([], name) };
      }
    },
  };
}

/** A question about these videos, or about files that are none. */
async function asked(...videos: readonly (OpenVideo | GanvasError)[]) {
  const files = videos.map((found) => ({ name: 'frames' in found ? found.name : 'none', source: new Blob() }));
  const signals: AbortSignal[] = [];
  const question = new VideoQuestion(files, 0, async ({ name }, signal) => {
    signals.push(signal);
    const found = videos[files.findIndex((file) => file.name === name)];
    if (!found || found instanceof GanvasError) throw found;
    return found;
  });
  expect(question.looking).toBe(true);
  await new Promise((resolve) => setTimeout(resolve));
  return { question, signals };
}

async function namesOf(question: VideoQuestion): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of question.made()?.files ?? noFiles()) names.push(name);
  return names;
}
async function* noFiles(): AsyncGenerator<NamedFile> {}

describe('how many frames of the videos', () => {
  it('proposes some hundreds of pictures of all together, and counts what another number gives', async () => {
    const { question } = await asked(video('a', 1000), video('b', 501));
    expect(question).toMatchObject({ looking: false, frames: 1501, every: 5, pictures: 200 + 101 });
    question.chosen = 500;
    expect(question.pictures).toBe(2 + 2);
    expect(question.made()?.count).toBe(4);
    expect(await namesOf(question)).toEqual(['a 0', 'a 500', 'b 0', 'b 500']);
  });

  it('leaves out a file that is no video, and says why', async () => {
    const error = new GanvasError('video.no-track', { file: 'none' });
    const { question } = await asked(error, video('b', 3));
    expect(question.states).toMatchObject([{ state: 'refused', error }, { state: 'ready' }]);
    expect(await namesOf(question)).toEqual(['b 0', 'b 1', 'b 2']);
    const { question: none } = await asked(error);
    expect(none.made()).toBeUndefined();
  });

  it('takes what comes before a damage, goes on with the next video, and keeps the first damage', async () => {
    const { question } = await asked(video('a', 9, 2), video('b', 2), video('c', 2, 1));
    expect(await namesOf(question)).toEqual(['a 0', 'a 1', 'b 0', 'b 1', 'c 0']);
    expect(question.broken).toMatchObject({ code: 'video.broken-off', facts: { file: 'a' } });
  });

  it('fails with the damage where nothing came of it', async () => {
    const { question } = await asked(video('a', 9, 0));
    await expect(namesOf(question)).rejects.toMatchObject({ code: 'video.broken-off' });
  });

  it('is answered, and lets go of the files when it is closed', async () => {
    const { question, signals } = await asked(video('a', 9));
    question.take();
    expect(await question.answer).toBe(true);
    question.close();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    const { question: other } = await asked(video('a', 9));
    other.cancel();
    expect(await other.answer).toBe(false);
  });
});
