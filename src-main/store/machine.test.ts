import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DoctorFinding, DoctorReport, ProviderId } from '#shared/contract/types';
import { beginExamination, forgetExamination, rememberedMachine, rememberExamination } from './machine';

const machine = { platform: 'linux x64', cores: 8, engines: 'tfjs-node-gpu' };
const unknown = { automatic: undefined, unfinished: false, report: undefined };
let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'ganvas-'))));
afterEach(() => rm(home, { recursive: true }));

const right = (provider: ProviderId, msPerStep?: number): DoctorFinding => ({
  engine: 'compiled',
  provider,
  device: provider,
  status: 'right',
  difference: 1e-6,
  ...(msPerStep !== undefined && { msPerStep }),
});
const reportOf = (...findings: readonly DoctorFinding[]): DoctorReport => ({
  platform: 'linux x64',
  cores: 8,
  node: 'v20',
  findings,
  best: { engine: 'eager', provider: 'cuda' },
});

it('remembers an examination, and the fastest that is right as what automatic means', async () => {
  expect(await rememberedMachine(home, machine)).toEqual(unknown);
  const report = reportOf(right('cpu', 20), right('webgpu', 12), { ...right('cuda', 2), engine: 'eager' });
  await rememberExamination(home, machine, report);
  expect(await rememberedMachine(home, machine)).toEqual({ automatic: report.best, unfinished: false, report });
});

it('keeps to the CPU after an examination in which the program ended', async () => {
  await beginExamination(home, machine);
  expect(await rememberedMachine(home, machine)).toEqual({
    automatic: { engine: 'compiled', provider: 'cpu' },
    unfinished: true,
    report: undefined,
  });
});

it('knows nothing again after an examination that was ended by its user', async () => {
  await beginExamination(home, machine);
  await forgetExamination(home);
  expect(await rememberedMachine(home, machine)).toEqual(unknown);
  await forgetExamination(home);
});

it('trusts nothing that was found on another machine, and nothing damaged', async () => {
  await rememberExamination(home, machine, reportOf(right('webgpu', 1)));
  expect(await rememberedMachine(home, { ...machine, cores: 2 })).toEqual(unknown);
  // An engine was added since: it may be the fastest.
  expect(await rememberedMachine(home, { ...machine, engines: '' })).toEqual(unknown);
  await writeFile(join(home, 'machine.json'), '{"version": 1, "provider": "rm -rf"');
  expect(await rememberedMachine(home, machine)).toEqual(unknown);
});

it('finds out again where a graphics card was added, but not where a host does not know of any', async () => {
  const withCard = { ...machine, gpus: '10de:2335' };
  const report = reportOf(right('cpu', 9));
  await rememberExamination(home, { ...machine, gpus: '' }, report);
  expect(await rememberedMachine(home, withCard)).toEqual(unknown);
  expect(await rememberedMachine(home, machine)).toMatchObject({ report });
});

it('reads what an older Ganvas found, on a machine of which it knew less', async () => {
  const old = { platform: 'linux x64', cores: 8, provider: 'webgpu' };
  for (const file of [
    { version: 1, ...old },
    { version: 2, ...old, unfinished: false },
  ]) {
    await writeFile(join(home, 'machine.json'), JSON.stringify(file));
    const automatic = { engine: 'compiled', provider: 'webgpu' };
    expect(await rememberedMachine(home, machine)).toMatchObject({ automatic });
    expect(await rememberedMachine(home, { ...machine, cores: 4 })).toEqual(unknown);
  }
});
