import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { presetRecipe } from '#shared/recipe/presets';
import { createRun, latestRun, readRun, recordRunEnd, runDir } from './runs';
import { temporaryFolder } from './testing/temporaryFolder';

const recipe = presetRecipe('dcgan-32', 3);

test('runs are numbered, and the latest comes back with all it was begun with', async () => {
  const project = { dir: await temporaryFolder() };
  expect(await latestRun(project)).toBeUndefined();
  await createRun(project, { recipe, seed: 1 });
  const second = await createRun(project, { recipe, seed: 2 ** 53 - 1 });
  expect(second.id).toBe('0002');
  expect(await latestRun(project)).toEqual(second);
  expect(second).toMatchObject({ recipe, seed: 2 ** 53 - 1, end: undefined });
});

test('how a run ended is remembered until it goes on', async () => {
  const project = { dir: await temporaryFolder() };
  const run = await createRun(project, { recipe, seed: 1 });
  const end = { reason: 'error', step: 7, error: { code: 'disk.full', facts: { file: 'x' } } } as const;
  const ended = await recordRunEnd(run, end);
  expect(await latestRun(project)).toEqual(ended);
  expect(ended.end).toEqual(end);
  await recordRunEnd(ended, undefined);
  expect((await latestRun(project))?.end).toBeUndefined();
});

test('whether it is tuned is kept from start to end; runs of an older Ganvas were', async () => {
  const project = { dir: await temporaryFolder() };
  const run = await createRun(project, { recipe, seed: 1, untuned: true });
  await recordRunEnd(run, { reason: 'user', step: 3 });
  expect(await latestRun(project)).toMatchObject({ untuned: true });
  const path = join(run.dir, 'run.json');
  const { untuned, ...old } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  expect(untuned).toBe(true);
  await writeFile(path, JSON.stringify({ ...old, version: 1 }));
  expect(await latestRun(project)).toMatchObject({ untuned: false, end: { reason: 'user', step: 3 } });
});

test('a run’s folder without its file, left by a crash, is passed over; its number is not given again', async () => {
  const project = { dir: await temporaryFolder() };
  const first = await createRun(project, { recipe, seed: 1 });
  await mkdir(join(project.dir, 'runs/0002'));
  await writeFile(join(project.dir, 'runs/notes.txt'), 'mine');
  expect((await latestRun(project))?.id).toBe(first.id);
  expect((await createRun(project, { recipe, seed: 1 })).id).toBe('0003');
});

test.each(['..', '../../etc', '%2e%2e', '0001/..', '', '1', '0001\0'])('%j is no run', async (id) => {
  expect(() => runDir({ dir: '/p' }, id)).toThrow(expect.objectContaining({ code: 'project.unreadable' }));
  await expect(readRun({ dir: '/p' }, id)).rejects.toMatchObject({ code: 'project.unreadable' });
});
