import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DoctorFinding, DoctorReport, ProviderId } from '#shared/contract/types';
import { beginExamination, forgetExamination, rememberedMachine, rememberExamination } from './machine';

const machine = { platform: 'linux x64', cores: 8 };
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
  ...machine,
  node: 'v20',
  findings,
  best: { engine: 'eager', provider: 'cuda' },
});

it('remembers an examination, and the compiled engine’s fastest that is right as what automatic means', async () => {
  expect(await rememberedMachine(home, machine)).toEqual(unknown);
  const wrong = { ...right('dml', 1), status: 'wrong' } as const;
  const report = reportOf(right('cpu', 20), wrong, right('webgpu', 12), { ...right('cuda', 2), engine: 'eager' });
  await rememberExamination(home, report);
  expect(await rememberedMachine(home, machine)).toEqual({ automatic: 'webgpu', unfinished: false, report });
  await rememberExamination(home, reportOf(right('cpu', 20), right('webgpu')));
  expect(await rememberedMachine(home, machine)).toMatchObject({ automatic: 'cpu' });
});

it('keeps to the CPU after an examination in which the program ended', async () => {
  await beginExamination(home, machine);
  expect(await rememberedMachine(home, machine)).toEqual({ automatic: 'cpu', unfinished: true, report: undefined });
});

it('knows nothing again after an examination that was ended by its user', async () => {
  await beginExamination(home, machine);
  await forgetExamination(home);
  expect(await rememberedMachine(home, machine)).toEqual(unknown);
  await forgetExamination(home);
});

it('trusts nothing that was found on another machine, and nothing damaged', async () => {
  await rememberExamination(home, reportOf(right('webgpu', 1)));
  expect(await rememberedMachine(home, { ...machine, cores: 2 })).toEqual(unknown);
  await writeFile(join(home, 'machine.json'), '{"version": 1, "provider": "rm -rf"');
  expect(await rememberedMachine(home, machine)).toEqual(unknown);
});

it('reads what an older Ganvas found', async () => {
  await writeFile(join(home, 'machine.json'), JSON.stringify({ version: 1, ...machine, provider: 'webgpu' }));
  expect(await rememberedMachine(home, machine)).toEqual({ automatic: 'webgpu', unfinished: false, report: undefined });
});
