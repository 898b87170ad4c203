import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { presetRecipe } from '#shared/recipe/presets';
import { createProject, openProject } from './project';
import { temporaryFolder } from './testing/temporaryFolder';

const recipe = presetRecipe('dcgan-32', 3);

test('a project is made, opened, renamed and its recipe changed', async () => {
  const dir = join(await temporaryFolder(), 'deep/cats');
  const made = await createProject(dir, { name: 'Cats', recipe });
  await made.rename('<b>Cats</b> “2”');
  const larger = presetRecipe('dcgan-64', 1);
  await made.writeRecipe(larger);
  const opened = await openProject(dir);
  expect(opened).toMatchObject({ id: made.id, dir, name: '<b>Cats</b> “2”', createdAt: made.createdAt });
  expect(await opened.readRecipe()).toEqual(larger);
});

test('a folder with something in it is left as it is', async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'mine.txt'), 'mine');
  await expect(createProject(dir, { name: 'x', recipe })).rejects.toMatchObject({ code: 'project.exists' });
  await expect(createProject(join(dir, 'mine.txt'), { name: 'x', recipe })).rejects.toMatchObject({
    code: 'project.exists',
  });
  expect(await readFile(join(dir, 'mine.txt'), 'utf8')).toBe('mine');
});

test('an empty folder becomes a project', async () => {
  const dir = await temporaryFolder();
  await createProject(dir, { name: 'x', recipe });
  expect((await openProject(dir)).name).toBe('x');
});

test('what is no project, or one that is damaged or newer, is said to be so', async () => {
  const dir = await temporaryFolder();
  await expect(openProject(dir)).rejects.toMatchObject({ code: 'project.not-found' });
  await expect(openProject(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'project.not-found' });
  await createProject(dir, { name: 'x', recipe });
  const file = join(dir, 'project.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.slice(0, 30));
  await expect(openProject(dir)).rejects.toMatchObject({ code: 'project.unreadable' });
  await writeFile(file, text.replace('"version": 1', '"version": 99'));
  await expect(openProject(dir)).rejects.toMatchObject({ code: 'project.newer', facts: { version: 99 } });
  await rm(file);
  await mkdir(file);
  await expect(openProject(dir)).rejects.toMatchObject({ code: 'project.unreadable' });
});
