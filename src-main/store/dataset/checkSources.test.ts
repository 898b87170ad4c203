import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { colourful } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { zipOf } from '../testing/archives';
import { checkSources } from './checkSources';
import { importPictures } from './import';
import { relinkPictures } from './relink';

const png = (seed: number): Promise<Buffer> => colourful(seed, 20, 20).png().toBuffer();

async function imported() {
  const root = await temporaryFolder();
  const [project, folder, archive] = [{ dir: join(root, 'project') }, join(root, 'pictures'), join(root, 'more.zip')];
  await mkdir(project.dir);
  await mkdir(folder);
  for (const [place, name] of ['a.png', 'b.png', 'c.png'].entries())
    await writeFile(join(folder, name), await png(place));
  await writeFile(archive, zipOf([{ name: 'd.png', bytes: await png(7) }]));
  const sources = [folder, archive].map((path) => ({ kind: 'path', path }) as const);
  await importPictures(project, sources, { size: 16, channels: 3 });
  return { root, project, folder, archive };
}

test('files that are gone, edited or touched are named, those that are as they were are not', async () => {
  const { project, folder, archive } = await imported();
  expect(await checkSources(project)).toEqual({ count: 0, files: [] });
  await rm(join(folder, 'a.png'));
  await writeFile(join(folder, 'b.png'), await png(9));
  const later = new Date(Date.now() + 5000);
  await utimes(archive, later, later);
  const seen: number[] = [];
  expect(await checkSources(project, { onProgress: (done) => void seen.push(done) })).toEqual({
    count: 3,
    files: [
      { name: 'pictures/a.png', problem: 'missing' },
      { name: 'pictures/b.png', problem: 'changed' },
      { name: 'more.zip/d.png', problem: 'changed' },
    ],
  });
  expect(seen).toEqual([1, 2, 3, 4]);
  await rm(archive);
  expect((await checkSources(project)).files.at(-1)).toEqual({ name: 'more.zip/d.png', problem: 'missing' });
});

test('a folder that was moved is found astray, and not any more once it is linked anew', async () => {
  const { root, project, folder } = await imported();
  const moved = join(root, 'elsewhere');
  await rename(folder, moved);
  expect((await checkSources(project)).count).toBe(3);
  expect(await relinkPictures(project, [{ kind: 'path', path: moved }])).toBe(3);
  expect(await checkSources(project)).toEqual({ count: 0, files: [] });
});

test('a check that is cancelled ends, and a project without pictures misses none', async () => {
  const { project } = await imported();
  await expect(checkSources(project, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'job.cancelled' });
  expect(await checkSources({ dir: await temporaryFolder() })).toEqual({ count: 0, files: [] });
});
