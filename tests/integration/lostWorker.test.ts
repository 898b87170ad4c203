import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunStatus } from '#shared/contract/types';
import { nodeProcesses } from '../../src-main/isolation/processes';
import type { StudioOptions } from '../../src-main/studio/context';
import { createStudio, type Studio } from '../../src-main/studio/studio';

/** Workers that die amid their work, as native code may: the built ones, with a fault that a message sets off. */
const built = (file: string) => new URL(`../../out/main/${file}`, import.meta.url).href;
const dyingAt = (file: string, kind: string) => `
import { parentPort } from 'node:worker_threads';
import ${JSON.stringify(built(file))};
let left = 1;
const fault = ({ kind }) => {
  if (kind !== ${JSON.stringify(kind)} || left-- < 1) return;
  // In a thread this would be the end of the tests, too.
  if (parentPort === null) process.abort();
  throw new Error('the fault of this test');
};
if (parentPort) parentPort.on('message', fault);
else process.on('message', fault);
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
  studio = openStudio();
  projectId = (await studio.call('projects.create', { name: 'Lost' }, 'client')).summary.id;
  await studio.call('datasets.import', { projectId, source: { kind: 'sample' }, size: 16 }, 'client');
});
/** Nobody watches: no pictures are drawn but those that a test asks for. */
function openStudio(options: Pick<StudioOptions, 'trainingProcess'> = {}): Studio {
  const workers = pathToFileURL(`${join(folder, 'workers')}/`);
  return createStudio({ home: join(folder, 'home'), host: 'cli', version: '0', workers, ...options });
}

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
const start = (steps: number, ownProcess = false) =>
  studio.call('training.start', { projectId, budget: { kind: 'steps', steps }, batchSize: 4, ownProcess }, 'client');

it.each([
  ['thread', false, 'the fault of this test'],
  ['process of its own, by a native crash,', true, 'it was ended by SIGABRT'],
])(
  'a trainer lost in a %s ends the run with a word of why; the next start goes on from the checkpoint',
  async (_, ownProcess, problem) => {
    const training = until(({ step }) => step > 0);
    await start(1_000_000, ownProcess);
    await training;
    const paused = until(({ run }) => run.state === 'paused');
    await studio.call('training.pause', { projectId }, 'client');
    const { step } = await paused;
    const lost = until(({ run }) => run.state === 'stopped');
    await studio.call('training.resume', { projectId }, 'client');
    expect(await lost).toMatchObject({
      run: { reason: 'error', error: { code: 'training.worker-lost', facts: { problem } } },
      step,
      checkpointStep: step,
      continuable: true,
    });
    const points = [{ kind: 'seed', seed: 1 }];
    expect(await studio.call('latent.render', { projectId, points }, 'client')).toMatchObject({ step });
    const ended = until(({ run }) => run.state === 'stopped');
    await start(2);
    expect(await ended).toMatchObject({ run: { reason: 'goal' }, step: step + 2 });
  },
);

it('after a run that the program died in, the next one has a process of its own, and says so', async () => {
  const ended = until(({ run }) => run.state === 'stopped');
  await start(2);
  const { runId } = await ended;
  const { path = '' } = (await studio.call('projects.recent', {}, 'client'))[0] ?? {};
  await studio.close();
  const file = join(path, 'runs', runId ?? '', 'run.json');
  const { end, ...without } = JSON.parse(await readFile(file, 'utf8')) as { readonly end: unknown };
  expect(end).toMatchObject({ reason: 'goal' });
  await writeFile(file, JSON.stringify(without));
  let processes = 0;
  studio = openStudio({
    trainingProcess: (file, events) => {
      processes++;
      return nodeProcesses([])(file, events);
    },
  });
  projectId = (await studio.call('projects.openAt', { path }, 'host')).summary.id;
  for (const [number, code] of ['training.apart', undefined].entries()) {
    const again = until(({ run }) => run.state === 'stopped');
    expect((await start(2)).warning?.code).toBe(code);
    expect(await again).toMatchObject({ run: { reason: 'goal' }, step: 4 + 2 * number });
  }
  expect(processes).toBe(1);
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
