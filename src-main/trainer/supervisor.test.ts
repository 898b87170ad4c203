import { describe, expect, it, vi } from 'vitest';
import { presetRecipe } from '#shared/recipe/presets';
import type { RunOrder, TrainerEvent } from './protocol';
import { Trainer } from './supervisor';

/** A worker that never answers and dies at the first message. */
const dyingWorker = new URL('./testing/dyingWorker.mjs', import.meta.url);

const order: RunOrder = {
  home: '/nowhere',
  projectDir: '/nowhere',
  runId: '0001',
  recipe: presetRecipe('dcgan-32', 3),
  seed: 1,
  budget: { kind: 'goal' },
  batchSize: 16,
  engine: 'compiled',
  provider: 'cpu',
  engineNamed: false,
  cpuProblem: undefined,
  threads: 1,
  untuned: false,
  checkpointEverySeconds: 60,
  sampleEverySeconds: 10,
  reportEveryMs: 500,
  snapshotEveryMs: 1000,
};

describe('a worker that is lost', () => {
  it('ends the run as an error, and the trainer can start again', async () => {
    const ends: TrainerEvent[] = [];
    let heard: () => void = () => undefined;
    const trainer = new Trainer(dyingWorker, (event) => {
      ends.push(event);
      heard();
    });
    for (let attempt = 1; attempt <= 2; attempt++) {
      const ended = new Promise<void>((resolve) => (heard = resolve));
      trainer.start(order);
      expect(() => trainer.start(order)).toThrow(expect.objectContaining({ code: 'training.running' }));
      await ended;
      expect(ends.at(-1)).toMatchObject({ kind: 'stopped', reason: 'error', error: { code: 'training.worker-lost' } });
      expect(trainer.busy).toBe(false);
    }
    expect(ends).toHaveLength(2);
    await trainer.close();
  });

  it('does not keep a stop waiting', async () => {
    const trainer = new Trainer(dyingWorker, () => undefined);
    trainer.start(order);
    await trainer.stop('user');
    expect(trainer.busy).toBe(false);
    await trainer.close();
  });

  it('fails a timing, and a start waits for none that was lost', async () => {
    const trainer = new Trainer(dyingWorker, () => undefined);
    const timing = trainer.time(order, false, () => undefined);
    expect(trainer.busy).toBe(true);
    await expect(trainer.time(order, false, () => undefined)).rejects.toMatchObject({ code: 'timing.busy' });
    await Promise.all([expect(timing).rejects.toMatchObject({ code: 'training.worker-lost' }), trainer.endTiming()]);
    expect(trainer.busy).toBe(false);
    await trainer.close();
  });

  it('fails an examination', async () => {
    const trainer = new Trainer(dyingWorker, () => undefined);
    await expect(trainer.examine({ home: '/nowhere', threads: 1 }, () => undefined)).rejects.toMatchObject({
      code: 'training.worker-lost',
    });
    await trainer.close();
  });
});

describe('a worker that hangs', () => {
  const patience = { startMs: 60_000, steps: 30, leastMs: 150, tickMs: 10 };
  const hangingWorker = new URL('./testing/hangingWorker.mjs', import.meta.url);
  const hanging = (ms: number, change: Partial<RunOrder> = {}, apart = false) => {
    const events: TrainerEvent[] = [];
    const waiting: (() => void)[] = [];
    const trainer = new Trainer(hangingWorker, (event) => {
      events.push(event);
      for (const look of waiting) look();
    }, { patience }); // prettier-ignore
    trainer.start({ ...order, batchSize: ms, ...change }, { apart });
    const heard = (kind: TrainerEvent['kind']) =>
      new Promise<void>((resolve) => {
        waiting.push(() => events.some((event) => event.kind === kind) && resolve());
      });
    return { trainer, events, heard };
  };

  it('is told of once, with how long and since which step, and when it is heard again', async () => {
    const { trainer, events, heard } = hanging(600);
    await heard('silent');
    expect(events.at(-1)).toMatchObject({ kind: 'silent', step: 7 });
    await heard('heardAgain');
    expect(events.filter(({ kind }) => kind === 'silent')).toHaveLength(1);
    // Nothing was done about it.
    expect(trainer.busy).toBe(true);
    expect(trainer.hung).toBe(false);
    await trainer.stop('user');
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', reason: 'user' });
    await trainer.close();
  });

  it('is given up by a stop, and holds up the next start until it comes back', async () => {
    const { trainer, events, heard } = hanging(900);
    await heard('silent');
    await trainer.stop('user');
    expect(events.at(-1)).toMatchObject({
      kind: 'stopped',
      reason: 'error',
      step: 7,
      error: { code: 'training.hung' },
    });
    const count = events.length;
    expect(trainer.busy).toBe(false);
    expect(() => trainer.start(order)).toThrow(expect.objectContaining({ code: 'training.hung' }));
    await expect(trainer.time(order, false, () => undefined)).rejects.toMatchObject({ code: 'training.hung' });
    await vi.waitFor(() => expect(trainer.hung).toBe(false), { timeout: 5000 });
    // What it says of the run that was given up, nobody hears.
    expect(events).toHaveLength(count);
    trainer.start({ ...order, batchSize: 1 });
    await trainer.stop('user');
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', reason: 'user' });
    await trainer.close();
  });

  it('is given up by a stop that was asked for before it was silent for long', async () => {
    const { trainer, events, heard } = hanging(900);
    await heard('report');
    await trainer.stop('user');
    expect(events.map(({ kind }) => kind)).not.toContain('silent');
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', error: { code: 'training.hung' } });
    await trainer.close();
  });

  it('does not keep the program from closing', async () => {
    const { trainer, heard } = hanging(1500);
    await heard('silent');
    await trainer.close();
    expect(trainer.hung).toBe(true);
  });

  it('is ended where it is a process, and the next start has another', async () => {
    const { trainer, events, heard } = hanging(600_000, {}, true);
    await heard('silent');
    await trainer.stop('user');
    const error = { code: 'training.worker-lost', facts: { problem: 'it hung, and was ended' } };
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', reason: 'error', step: 7, error });
    expect(trainer.hung).toBe(false);
    trainer.start({ ...order, batchSize: 1 }, { apart: true });
    await trainer.stop('user');
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', reason: 'user' });
    await trainer.close();
  });

  it('is none while it is paused', async () => {
    const { trainer, events, heard } = hanging(600, { seed: 0 });
    await heard('paused');
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(events.at(-1)?.kind).toBe('paused');
    await trainer.stop('user');
    await trainer.close();
  });
});
