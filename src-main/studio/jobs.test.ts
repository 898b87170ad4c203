import { describe, expect, it } from 'vitest';
import type { JobProgress } from '#shared/contract/events';
import { EventHub } from './eventHub';
import { Jobs, unlessCancelled } from './jobs';

const id = '11111111-1111-4111-8111-111111111111';

function setUp() {
  const events = new EventHub();
  const told: JobProgress[] = [];
  events.listen((message) => {
    if (message.event === 'job.progress') told.push(message.data);
  });
  const clock = { ms: 0 };
  return { jobs: new Jobs(events, () => clock.ms), told, clock };
}

describe('progress', () => {
  it('is told at once, then ten times a second at most, and at the end in any case', async () => {
    const { jobs, told, clock } = setUp();
    await jobs.run(id, async ({ progress }) => {
      for (let done = 0; done <= 1000; done++) {
        clock.ms = done;
        progress('Reading', done, 1000);
      }
    });
    expect(told.map(({ done }) => done)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });

  it('guesses the time left once enough is done to guess from', async () => {
    const { jobs, told, clock } = setUp();
    await jobs.run(id, async ({ progress }) => {
      progress('Reading', 1, 100);
      clock.ms = 10_000;
      progress('Reading', 25, 100);
      clock.ms = 20_000;
      progress('Reading', 30, undefined);
    });
    expect(told.map(({ secondsLeft }) => secondsLeft)).toEqual([undefined, 30, undefined]);
  });
});

describe('cancelling', () => {
  it('turns whatever the work made of it into job.cancelled', async () => {
    const { jobs } = setUp();
    const work = jobs.run(id, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new Error('stopped amid a file');
    });
    expect(jobs.cancel(id)).toBe(true);
    await expect(work).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(jobs.cancel(id)).toBe(false);
  });

  it('comes too late for what is done: the result counts', async () => {
    const { jobs } = setUp();
    expect(await jobs.run(id, async () => (jobs.cancel(id), 42))).toBe(42);
  });

  it('knows no job that never was', () => {
    expect(setUp().jobs.cancel(id)).toBe(false);
  });

  it('leaves work behind that cannot be stopped', async () => {
    const { jobs } = setUp();
    const work = jobs.run(id, ({ signal }) => unlessCancelled(new Promise(() => undefined), signal));
    jobs.close();
    await expect(work).rejects.toMatchObject({ code: 'program.closing' });
  });
});
