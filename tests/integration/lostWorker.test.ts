import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunStatus } from '#shared/contract/types';
import { createStudio, type Studio } from '../../src-main/studio/studio';

/** Workers that die amid their work, as native code may: the built ones, with a fault that a message sets off. */
const built = (file: string) => new URL(`../../out/main/${file}`, import.meta.url).href;
const dyingAt = (file: string, kind: string) => `
import { parentPort } from 'node:worker_threads';
import ${JSON.stringify(built(file))};
let left = 1;
parentPort.on('message', (request) => {
  if (request.kind === ${JSON.stringify(kind)} && left-- > 0) throw new Error('the fault of this test');
});
`;

let folder: string;
let studio: Studio;
let projectId: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-'));
  const workers = join(folder, 'workers');
  await mkdir(workers);
  await writeFile(join(workers, 'package.json'), '{"type": "module"}');
  await writeFile(join(workers, 'trainer.js'), dyingAt('trainer.js', 'resume'));
  await writeFile(join(workers, 'sampler.js'), dyingAt('sampler.js', 'onnx'));
  // Nobody watches: no pictures are drawn but those that a test asks for.
  studio = createStudio({
    home: join(folder, 'home'),
    host: 'cli',
    version: '0',
    workers: pathToFileURL(`${workers}/`),
  });
  projectId = (await studio.call('projects.create', { name: 'Lost' }, 'client')).summary.id;
  await studio.call('datasets.import', { projectId, source: { kind: 'sample' }, size: 16 }, 'client');
});
afterEach(async () => {
  await studio.close();
  await rm(folder, { recursive: true });
});

function until(test: (status: RunStatus) => boolean): Promise<RunStatus> {
  return new Promise((resolve) => {
    studio.onEvent((message) => {
      if (message.event === 'training.status' && test(message.data)) resolve(message.data);
    });
  });
}
const start = (steps: number) =>
  studio.call('training.start', { projectId, budget: { kind: 'steps', steps }, batchSize: 4 }, 'client');

it('a lost trainer ends the run with a word of why; the next start goes on from the checkpoint', async () => {
  const training = until(({ step }) => step > 0);
  await start(1_000_000);
  await training;
  const paused = until(({ run }) => run.state === 'paused');
  await studio.call('training.pause', { projectId }, 'client');
  const { step } = await paused;
  const lost = until(({ run }) => run.state === 'stopped');
  await studio.call('training.resume', { projectId }, 'client');
  expect(await lost).toMatchObject({
    run: { reason: 'error', error: { code: 'training.worker-lost', facts: { problem: 'the fault of this test' } } },
    step,
    checkpointStep: step,
    continuable: true,
  });
  const points = [{ kind: 'seed', seed: 1 }];
  expect(await studio.call('latent.render', { projectId, points }, 'client')).toMatchObject({ step });
  const ended = until(({ run }) => run.state === 'stopped');
  await start(2);
  expect(await ended).toMatchObject({ run: { reason: 'goal' }, step: step + 2 });
});

it('a lost sampler fails what waited for it, and the next picture is drawn by another', async () => {
  const ended = until(({ run }) => run.state === 'stopped');
  await start(1);
  await ended;
  const onnx = () => studio.call('export.onnx', { projectId }, 'client');
  const points = [{ kind: 'seed', seed: 1 }];
  const [first, second] = [onnx(), studio.call('latent.render', { projectId, points }, 'client')];
  for (const outcome of await Promise.allSettled([first, second])) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'latent.worker-lost' } });
  }
  expect(await studio.call('latent.render', { projectId, points }, 'client')).toMatchObject({ step: 1 });
});
