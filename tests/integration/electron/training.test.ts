import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { RunStatus } from '#shared/contract/types';
import { ensureBuilt, root } from '../../../src-main/hosts/launch/build.mjs';
import { utilityProcesses } from '../../../src-main/hosts/electron/utilityProcesses';
import { createStudio } from '../../../src-main/studio/studio';
import { started } from './double/utilityProcess.mjs';

// The built training worker in a double of Electron's utility process; Electron's own is for a machine with its binary.
vi.mock('electron', () => import('./double/utilityProcess.mjs'));
beforeAll(() => ensureBuilt());

test('a run that shall have a process of its own trains in a utility process, which can be killed', async () => {
  const home = await mkdtemp(join(tmpdir(), 'ganvas-'));
  const workers = pathToFileURL(join(root, 'out/main/'));
  const trainingProcess = utilityProcesses('Ganvas training');
  const studio = createStudio({ home, host: 'cli', version: '0', workers, trainingProcess });
  onTestFinished(async () => {
    await studio.close();
    await rm(home, { recursive: true });
  });
  const { id: projectId } = (await studio.call('projects.create', { name: 'Apart' }, 'client')).summary;
  await studio.call('datasets.import', { projectId, source: { kind: 'sample' }, size: 16 }, 'client');
  const until = (test: (status: RunStatus) => boolean) =>
    new Promise<RunStatus>((resolve) => {
      studio.onEvent((message) => {
        if (message.event === 'training.status' && test(message.data)) resolve(message.data);
      });
    });
  const start = (steps: number) => {
    const params = { projectId, budget: { kind: 'steps', steps }, batchSize: 4, ownProcess: true } as const;
    return studio.call('training.start', params, 'client');
  };
  const ended = until(({ run }) => run.state === 'stopped');
  await start(2);
  expect(await ended).toMatchObject({ run: { reason: 'goal' }, step: 2 });
  expect(started).toMatchObject([{ serviceName: 'Ganvas training' }]);

  const training = until(({ step }) => step > 2);
  await start(1_000_000);
  await training;
  const lost = until(({ run }) => run.state === 'stopped');
  started[0]?.forked.kill('SIGKILL');
  expect(await lost).toMatchObject({ run: { reason: 'error', error: { code: 'training.worker-lost' } } });
});
