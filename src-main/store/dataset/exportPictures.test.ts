import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { colourful } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { zipPictures } from './exportPictures';
import { importPictures } from './import';
import { openPack } from './pack';

async function workplace() {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pots')];
  for (const made of [dir, folder]) await mkdir(made);
  for (let seed = 0; seed < 6; seed++) {
    await writeFile(join(folder, `${seed}.png`), await colourful(seed, 24, 24).png().toBuffer());
  }
  await importPictures({ dir }, [{ kind: 'path', path: folder }], { size: 16, channels: 3 });
  const zip = (pictures: readonly number[], options = {}) =>
    zipPictures({ dir }, pictures, {
      classOf: () => undefined,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      ...options,
    });
  return { root, project: { dir }, zip };
}

test('an archive is imported again as it was: the same pixels, the same classes', async () => {
  const { root, project, zip } = await workplace();
  const hostile = 'a "b", c\n=1';
  const classOf = (picture: number) => (picture === 5 ? undefined : picture % 2 ? hostile : 'cups');
  const done: number[] = [];
  const bytes = await zip([1, 2, 5], { classOf, onProgress: (pictures: number) => done.push(pictures) });
  expect(done).toEqual([3]);
  await writeFile(join(root, 'out.zip'), bytes);
  const again = { dir: join(root, 'again') };
  await mkdir(again.dir);
  const source = { kind: 'path', path: join(root, 'out.zip') } as const;
  const { summary } = await importPictures(again, [source], { size: 16, channels: 3 });
  expect(summary.images).toBe(3);
  expect(summary.classes).toEqual([
    { name: 'a "b", c =1', pictures: 1 },
    { name: 'cups', pictures: 1 },
  ]);
  const [before, after] = [await openPack(project), await openPack(again)];
  const [wanted, got] = [await before.picturesAt([1, 2, 5]), await after.picturesAt([0, 1, 2])];
  await before.close();
  await after.close();
  expect(Buffer.compare(got.pixels, wanted.pixels)).toBe(0);
  // The same pictures give the same bytes.
  expect(Buffer.compare(await zip([1, 2, 5], { classOf }), bytes)).toBe(0);
});

test('more pictures than one archive holds, and none at all, are refused before anything is read; it can be cancelled', async () => {
  const { zip } = await workplace();
  await expect(zip([])).rejects.toMatchObject({ code: 'dataset.none-selected' });
  const limit = Math.min(65_534, Math.floor(limits.exportsWaitingBytes / (16 * 16 * 3)));
  const many = Array.from({ length: limit + 1 }, () => 0);
  await expect(zip(many)).rejects.toMatchObject({ code: 'export.too-many-pictures', facts: { limit } });
  await expect(zip([0], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'job.cancelled' });
});
