import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { forgetProject, readRecent, rememberProject } from './recent';
import { temporaryFolder } from './testing/temporaryFolder';

const project = (name: string) => ({ id: randomUUID(), name, dir: `/projects/${name}` });

test('the newest stands first, each once, and can be forgotten', async () => {
  const home = join(await temporaryFolder(), 'home');
  const [a, b] = [project('a'), project('b')];
  expect(await readRecent(home)).toEqual([]);
  await rememberProject(home, a);
  await rememberProject(home, b);
  await rememberProject(home, { ...a, name: 'renamed' });
  expect((await readRecent(home)).map(({ name }) => name)).toEqual(['renamed', 'b']);
  await forgetProject(home, a.id);
  expect((await readRecent(home)).map(({ id }) => id)).toEqual([b.id]);
});

test('the list has a cap', async () => {
  const home = await temporaryFolder();
  for (let index = 0; index <= limits.recentProjects; index++) await rememberProject(home, project(`p${index}`));
  const recent = await readRecent(home);
  expect(recent).toHaveLength(limits.recentProjects);
  expect(recent[0]?.name).toBe(`p${limits.recentProjects}`);
});

test('a damaged list is kept aside and a new one begun', async () => {
  const home = await temporaryFolder();
  await writeFile(join(home, 'recent.json'), '{"version": 1, "projects": [{');
  expect(await readRecent(home)).toEqual([]);
  await rememberProject(home, project('a'));
  expect(await readRecent(home)).toHaveLength(1);
  expect((await readdir(home)).filter((name) => name.startsWith('recent.damaged-'))).toHaveLength(1);
});
