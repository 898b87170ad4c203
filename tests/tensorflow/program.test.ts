import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DoctorReport } from '#shared/contract/types';
import { ganvas } from '../tools/commandLine';

/** The built program with TensorFlow in its own folder, in the worker where it trains: it finds it, computes right, and ends in peace. */
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ganvas-'));
  await symlink(process.env['GANVAS_ENGINES'] ?? '', join(home, 'engines'));
});
afterAll(() => rm(home, { recursive: true }));

it('is found right by the doctor, and the process ends without a crash', async () => {
  const { code, stdout } = await ganvas(home, 'doctor', '--json');
  expect(code).toBe(0);
  const { findings } = JSON.parse(stdout) as DoctorReport;
  const eager = findings.find(({ engine, provider }) => engine === 'eager' && provider === 'cpu');
  expect(eager).toMatchObject({ status: 'right', device: expect.stringContaining('TensorFlow') });
});

it('is listed as what the eager engine uses', async () => {
  const { stdout } = await ganvas(home, 'engines', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ used: 'tfjs-node' });
});

it('trains a project, and goes on from its checkpoint', async () => {
  const project = join(home, 'project');
  expect(await ganvas(home, 'new', project, '--preset', 'dcgan-32')).toMatchObject({ code: 0 });
  expect(await ganvas(home, 'import', project, 'sample', '--size', '32')).toMatchObject({ code: 0 });
  for (const step of [2, 4]) {
    const trained = await ganvas(home, 'train', project, '--steps', '2', '--batch', '4', '--engine', 'eager');
    expect(trained).toMatchObject({ code: 0, stderr: expect.stringContaining(`Done: step ${step}.`) });
  }
});
