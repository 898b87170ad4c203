import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporaryFolder';
import { CurationCache } from './curationCache';
import { readCuration, writeCuration } from './curationFile';

const id = (number: number) => String(number).padStart(64, '0');

async function workplace(waitMs = 10_000) {
  const project = { dir: await temporaryFolder() };
  const exclude = async (...numbers: readonly number[]) => {
    const { revision, curation, ...rest } = await readCuration(project);
    const excluded = new Map(numbers.map((number) => [id(number), true as const]));
    await writeCuration(project, { ...rest, revision: revision + 1, curation: { ...curation, excluded } });
  };
  const cache = new CurationCache(() => Date.now() + waitMs);
  const read = async () => [...(await cache.read(project)).curation.excluded.keys()].map(Number);
  return { project, exclude, cache, read, path: join(project.dir, 'curation.json') };
}

test('a curation that did not change is not parsed again', async () => {
  const { project, exclude, cache } = await workplace();
  await exclude(1, 2);
  const first = await cache.read(project);
  expect(await cache.read(project)).toBe(first);
  for (let other = 0; other < 2; other++) {
    const { project: another, exclude: change } = await workplace();
    await change(3);
    await cache.read(another);
  }
  // Two projects are kept.
  expect(await cache.read(project)).not.toBe(first);
});

test('what another process wrote is seen at once, also of the same length and with the old time', async () => {
  const { exclude, read, path } = await workplace();
  expect(await read()).toEqual([]);
  await exclude(1);
  expect(await read()).toEqual([1]);
  await exclude(2);
  expect(await read()).toEqual([2]);
  const text = await readFile(path, 'utf8');
  const then = new Date(Date.now() - 60_000);
  await utimes(path, then, then);
  expect(await read()).toEqual([2]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await writeFile(path, text.replace(id(2), id(7)));
  await utimes(path, then, then);
  expect(await read()).toEqual([7]);
  await rm(path);
  expect(await read()).toEqual([]);
});

test('a file that was just written may be written again within the same tick of its clock: it is parsed each time', async () => {
  const { project, exclude, cache } = await workplace(0);
  await exclude(1);
  const first = await cache.read(project);
  expect(await cache.read(project)).not.toBe(first);
  expect(await cache.read(project)).toEqual(first);
});
