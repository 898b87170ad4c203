import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockProject, whileLocked } from './lock';
import { temporaryFolder } from './testing/temporaryFolder';

const token = '7b9d6c3e-2f4a-4c7e-9a55-0d8f1f3f7a10';

test('only one holds it; released, it is free', async () => {
  const dir = await temporaryFolder();
  const lock = await lockProject(dir);
  await expect(lockProject(dir)).rejects.toMatchObject({ code: 'project.locked', facts: { pid: process.pid } });
  await lock.release();
  const again = await lockProject(dir);
  // A second release of the first lock must not take the new one away.
  await lock.release();
  await expect(lockProject(dir)).rejects.toMatchObject({ code: 'project.locked' });
  await again.release();
  expect(await readdir(dir)).toEqual([]);
});

test('of many that want it at once, one gets it', async () => {
  const dir = await temporaryFolder();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockProject(dir)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(dir)).toEqual(['lock']);
});

test('a living process keeps its lock; a dead one loses it', async () => {
  const dir = await temporaryFolder();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  await writeFile(join(dir, 'lock'), JSON.stringify({ pid: child.pid, token }));
  await expect(lockProject(dir)).rejects.toMatchObject({ code: 'project.locked', facts: { pid: child.pid } });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await lockProject(dir)).release();
});

test('of many that find a dead owner’s lock, one gets it', async () => {
  const dir = await temporaryFolder();
  // Above the largest process id that Linux gives.
  await writeFile(join(dir, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, token }));
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockProject(dir)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test.skipIf(!existsSync('/proc/self/stat'))('a process with a used-again id does not hold it', async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'lock'), JSON.stringify({ pid: process.pid, started: 'another-boot:1', token }));
  await lockProject(dir);
  expect(JSON.parse(await readFile(join(dir, 'lock'), 'utf8'))).not.toMatchObject({ token });
});

test.each(['', 'not json', '{"pid": -1}'])('a lock that says %j holds nobody up', async (content) => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'lock'), content);
  await (await lockProject(dir)).release();
});

test('what is done while locked is done one after the other, and goes on without a lock that nobody gives back', async () => {
  const dir = await temporaryFolder();
  const path = join(dir, 'work.lock');
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push(`${name} ends`);
  };
  await Promise.all(['a', 'b', 'c'].map((name) => whileLocked(path, 10_000, work(name))));
  for (let at = 0; at < order.length; at += 2) expect(order[at]?.[0]).toBe(order[at + 1]?.[0]);
  await expect(whileLocked(path, 0, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await readdir(dir)).toEqual([]);
  await writeFile(path, JSON.stringify({ pid: process.pid, token }));
  expect(await whileLocked(path, 20, () => Promise.resolve('done'))).toBe('done');
  expect(await readdir(dir)).toEqual(['work.lock']);
});
