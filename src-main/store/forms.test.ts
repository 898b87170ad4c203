import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formMemory } from './forms';

const threads = { cores: 8, threads: 4 };
let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'ganvas-'))));
afterEach(() => rm(home, { recursive: true }));

it('remembers the fastest forms of each provider', async () => {
  const memory = formMemory(join(home, 'new'), threads);
  expect((await memory.read('cpu')).size).toBe(0);
  await memory.write('cpu', new Map([['Conv2D 4 8', 'native']]));
  await memory.write('webgpu', new Map([['Conv2D 4 8', 'columns']]));
  const again = formMemory(join(home, 'new'), threads);
  expect([...(await again.read('cpu'))]).toEqual([['Conv2D 4 8', 'native']]);
  expect([...(await again.read('webgpu'))]).toEqual([['Conv2D 4 8', 'columns']]);
});

it('trusts nothing that was found with other cores, and nothing damaged', async () => {
  await formMemory(home, threads).write('cpu', new Map([['Conv2D', 'native']]));
  expect((await formMemory(home, { ...threads, threads: 2 }).read('cpu')).size).toBe(0);
  await writeFile(join(home, 'forms.json'), '{"version": 1, "providers": {"cpu": 7');
  expect((await formMemory(home, threads).read('cpu')).size).toBe(0);
});

it('does without a home that cannot be written to', async () => {
  await writeFile(join(home, 'file'), '');
  const memory = formMemory(join(home, 'file', 'below'), threads);
  await memory.write('cpu', new Map([['Conv2D', 'native']]));
  expect((await memory.read('cpu')).size).toBe(0);
});
