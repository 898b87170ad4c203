import { describe, expect, it } from 'vitest';
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
