import { decode, encode } from '@msgpack/msgpack';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Method, Params, Result } from '#shared/contract/api';
import type { ServerFrame } from '#shared/contract/frames';
import { startWebProgram, type WebProgram } from '../../tools/webProgram';

let home: string;
let program: WebProgram;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ganvas-web-program-'));
  program = await startWebProgram(home);
});
afterEach(async () => {
  program.process.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** Enters by the printed link and opens the page's socket. */
async function enter(url: string) {
  const { origin } = new URL(url);
  const entered = await fetch(url, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers: { cookie, origin } });
  const frames: ServerFrame[] = [];
  socket.on('message', (data: Buffer) => frames.push(decode(new Uint8Array(data)) as ServerFrame));
  await new Promise((resolve) => socket.once('open', resolve));
  let calls = 0;
  return {
    frames,
    download: (path: string) => fetch(`${origin}${path}`, { headers: { cookie } }),
    async call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
      const id = ++calls;
      socket.send(encode({ id, method, params }));
      const answer = (frame: ServerFrame) => 'id' in frame && frame.id === id;
      await expect.poll(() => frames.some(answer), { timeout: 50_000 }).toBe(true);
      const found = frames.find(answer);
      expect(found).toMatchObject({ ok: true });
      return (found as unknown as { readonly result: Result<M> }).result;
    },
  };
}

test('an export is downloaded amid a run; signals stop the run at a checkpoint; a second one changes nothing; the next start resumes from it', async () => {
  const page = await enter(program.url);
  const { summary } = await page.call('projects.create', { name: 'Signals', preset: 'dcgan-32' });
  const projectId = summary.id;
  await page.call('datasets.import', { projectId, source: { kind: 'sample' }, size: 32, channels: 3 });
  const budget = { kind: 'steps', steps: 100_000 } as const;
  await page.call('training.start', { projectId, budget, batchSize: 8, provider: 'cpu' });
  const reported = () => page.frames.some((frame) => 'event' in frame && frame.event === 'training.report');
  await expect.poll(reported, { timeout: 50_000 }).toBe(true);

  const { exportId, bytes } = await page.call('export.picture', { projectId, point: { kind: 'seed', seed: 1 } });
  const picture = await page.download(`/exports/${exportId}`);
  expect((await picture.arrayBuffer()).byteLength).toBe(bytes);

  program.process.kill('SIGTERM');
  program.process.kill('SIGINT');
  expect(await program.exited).toBe(0);
  const runs = join(summary.path, 'runs');
  const [run = ''] = await readdir(runs);
  const checkpoints = join(runs, run, 'checkpoints');
  const [newest = ''] = (await readdir(checkpoints)).sort((a, b) => Number(b) - Number(a));
  expect(JSON.parse(await readFile(join(checkpoints, newest, 'manifest.json'), 'utf8'))).toBeTypeOf('object');

  program = await startWebProgram(home);
  const again = await enter(program.url);
  const { run: status } = await again.call('projects.open', { projectId });
  expect(status).toMatchObject({ continuable: true });
  expect(status.checkpointStep).toBeGreaterThan(0);
  expect(status.checkpointStep).toBe(status.step);
});

test('a signal amid an import leaves what it did; the next start tells so, and the same import goes on', async () => {
  const page = await enter(program.url);
  const { summary } = await page.call('projects.create', { name: 'Import' });
  const params = { projectId: summary.id, source: { kind: 'sample' }, size: 128, channels: 3 } as const;
  // Its answer does not come any more.
  void page.call('datasets.import', params).catch(() => undefined);
  const isReading = (frame: ServerFrame) =>
    'event' in frame && frame.event === 'job.progress' && frame.data.label === 'Reading pictures';
  await expect.poll(() => page.frames.some(isReading), { timeout: 50_000, interval: 10 }).toBe(true);
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);
  expect(await readdir(join(summary.path, 'dataset'))).toContain('unfinished');

  program = await startWebProgram(home);
  const again = await enter(program.url);
  const { unfinished, dataset } = await again.call('projects.open', { projectId: summary.id });
  expect([unfinished?.count, dataset]).toEqual([1, undefined]);
  const { dataset: whole } = await again.call('datasets.import', params);
  const opened = await again.call('projects.open', { projectId: summary.id });
  expect([opened.unfinished, opened.dataset?.images]).toEqual([undefined, whole.images]);
});
