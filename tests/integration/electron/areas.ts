import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

/** Runs an expression in the window's page. */
export type Evaluate = <T>(expression: string) => Promise<T>;

/** One call over the bridge, asked by the page itself. */
export async function call<T>(evaluate: Evaluate, method: string, params: object): Promise<T> {
  const outcome = await evaluate<{ readonly result: T }>(
    `window.ganvas.call(${JSON.stringify(method)}, ${JSON.stringify(params)})`,
  );
  expect(outcome).toMatchObject({ ok: true });
  return outcome.result;
}

/** Step of the newest whole checkpoint of any run below `home`; 0 when there is none. */
export async function newestCheckpoint(home: string): Promise<number> {
  const files = await readdir(home, { recursive: true });
  const steps = files.map((file) => /checkpoints.(\d+).manifest\.json$/.exec(file)?.[1] ?? 0);
  return Math.max(0, ...steps.map(Number));
}

/** One call of each area and a streamed event, over the preload's bridge: the same on the test double and on Electron itself. */
export function describeAreas(evaluate: Evaluate): void {
  describe('one call of each area, over the preload’s bridge', () => {
    let projectId: string;

    test('app', async () => {
      expect(await call(evaluate, 'app.info', {})).toMatchObject({ host: 'electron' });
    });

    test('projects', async () => {
      const named = { name: '<b>Emoji</b>', preset: 'dcgan-32' };
      projectId = (await call<{ summary: { id: string } }>(evaluate, 'projects.create', named)).summary.id;
      expect(await call(evaluate, 'projects.recent', {})).toMatchObject([{ id: projectId, name: '<b>Emoji</b>' }]);
    });

    test('datasets', async () => {
      const { dataset } = await call<{ dataset: object }>(evaluate, 'datasets.import', {
        projectId,
        source: { kind: 'sample' },
        size: 32,
        channels: 3,
      });
      expect(dataset).toMatchObject({ size: 32, channels: 3, skippedCount: 0 });
      const one = JSON.stringify({ projectId, from: 0, count: 1 });
      const bytes = `window.ganvas.call('datasets.thumbnails', ${one}).then(({ result }) => result.pixels instanceof Uint8Array)`;
      expect(await evaluate(bytes)).toBe(true);
    });

    test('recipe', async () => {
      const { recipe } = await call<{ recipe: object }>(evaluate, 'projects.open', { projectId });
      expect(await call(evaluate, 'recipe.set', { projectId, recipe })).toMatchObject({ recipe });
    });

    test('training, with its reports streamed as events', async () => {
      await evaluate(
        `void (window.heard = [], window.endHearing = window.ganvas.onEvent((message) => window.heard.push(message)))`,
      );
      const budget = { kind: 'steps', steps: 100_000 };
      await call(evaluate, 'training.start', { projectId, budget, batchSize: 8, provider: 'cpu' });
      const reports = `window.heard.filter(({ event }) => event === 'training.report').map(({ data }) => data.report.step)`;
      await expect.poll(() => evaluate<number[]>(reports), { timeout: 50_000 }).not.toEqual([]);
      expect(await call(evaluate, 'training.status', { projectId })).toMatchObject({ run: { state: 'training' } });
      // After its end a listener hears nothing more, though the run goes on.
      await evaluate(`void window.endHearing()`);
      await evaluate(
        `new Promise((resolve) => window.ganvas.onEvent(({ event }) => event === 'training.report' && resolve()))`,
      );
      const heard = await evaluate<number>('window.heard.length');
      await evaluate(
        `new Promise((resolve) => window.ganvas.onEvent(({ event }) => event === 'training.report' && resolve()))`,
      );
      expect(await evaluate('window.heard.length')).toBe(heard);
    });

    test('latent', async () => {
      const points = [{ kind: 'seed', seed: 1 }];
      const { pictures } = await call<{ pictures: object }>(evaluate, 'latent.render', { projectId, points });
      expect(pictures).toMatchObject({ count: 1, width: 32, height: 32, channels: 3 });
    });

    test('export', async () => {
      const point = { kind: 'seed', seed: 1 };
      expect(await call(evaluate, 'export.picture', { projectId, point })).toMatchObject({ mime: 'image/png' });
    });

    test('jobs', async () => {
      const jobId = '0b9d5b0e-3c52-4a0e-8d0e-2f4a5f1d9a10';
      expect(await call(evaluate, 'jobs.cancel', { jobId })).toEqual({ cancelled: false });
    });
  });
}
