import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rememberedProvider, rememberProvider } from './machine';

const machine = { platform: 'linux x64', cores: 8 };
let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'ganvas-'))));
afterEach(() => rm(home, { recursive: true }));

it('remembers a machine’s best provider', async () => {
  expect(await rememberedProvider(home, machine)).toBe('cpu');
  await rememberProvider(home, machine, 'webgpu');
  expect(await rememberedProvider(home, machine)).toBe('webgpu');
});

it('trusts nothing that was found on another machine, and nothing damaged', async () => {
  await rememberProvider(home, machine, 'webgpu');
  expect(await rememberedProvider(home, { ...machine, cores: 2 })).toBe('cpu');
  await writeFile(join(home, 'machine.json'), '{"version": 1, "provider": "rm -rf"');
  expect(await rememberedProvider(home, machine)).toBe('cpu');
});
