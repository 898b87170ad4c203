import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { failDisk, readJson, readJsonIfPresent, writeFileAtomic, writeJson } from './atomic';
import type { Format } from './format';
import { temporaryFolder } from './testing/temporaryFolder';

const Point = z.strictObject({ version: z.literal(2), x: z.number(), y: z.number() });
const format: Format<z.output<typeof Point>> = {
  version: 2,
  schema: Point,
  // Version 1 had both in one string.
  migrations: {
    1: ({ at }) => {
      const [x, y] = String(at).split(',').map(Number);
      return { x, y };
    },
  },
};

test('a file is replaced whole and nothing else stays in the folder', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a.txt');
  await writeFileAtomic(path, 'one');
  await writeFileAtomic(path, Buffer.from('two'));
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await readdir(folder)).toEqual(['a.txt']);
});

test('many writers at once leave one of the contents, never a mixture', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a.txt');
  const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
  await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
  expect(contents).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['a.txt']);
});

test('a write that fails says which file, keeps the old content and leaves nothing behind', async () => {
  const folder = await temporaryFolder();
  await expect(writeFileAtomic(join(folder, 'missing/a.txt'), 'x')).rejects.toMatchObject({ code: 'disk.failed' });
  // A folder cannot be replaced by a file: the rename fails, after the content was written.
  await mkdir(join(folder, 'taken'));
  await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toMatchObject({ code: 'disk.failed' });
  expect(await readdir(folder)).toEqual(['taken']);
});

test.each([
  ['ENOSPC', 'disk.full'],
  ['EDQUOT', 'disk.full'],
  ['EIO', 'disk.failed'],
  ['EROFS', 'disk.failed'],
])('the system’s %s is %s', (code, expected) => {
  const error = Object.assign(new Error(`${code}: write`), { code });
  expect(() => failDisk(error, '/x')).toThrow(expect.objectContaining({ code: expected }));
});

test('JSON comes back as it was written, an older version migrated', async () => {
  const path = join(await temporaryFolder(), 'p.json');
  expect(await readJsonIfPresent(path, format)).toBeUndefined();
  await writeJson(path, { version: 2, x: 1, y: 2 }, format);
  expect(await readJson(path, format)).toEqual({ version: 2, x: 1, y: 2 });
  await writeFile(path, '{"version": 1, "at": "3,4"}');
  expect(await readJson(path, format)).toEqual({ version: 2, x: 3, y: 4 });
});

test.each([
  ['{"version": 3, "x": 1, "y": 2}', 'project.newer'],
  ['{"version": 2, "x": 1}', 'project.unreadable'],
  ['{"version": 2, "x": 1, "y": 2, "__proto__": {}, "z": 1}', 'project.unreadable'],
  ['{"version": 0, "x": 1, "y": 2}', 'project.unreadable'],
  ['{"version": 2, "x": 1,', 'project.unreadable'],
  ['[]', 'project.unreadable'],
  ['', 'project.unreadable'],
])('%s is refused as %s', async (text, code) => {
  const path = join(await temporaryFolder(), 'p.json');
  await writeFile(path, text);
  await expect(readJson(path, format)).rejects.toMatchObject({ code });
});

test('a missing file that must be there is named', async () => {
  const path = join(await temporaryFolder(), 'p.json');
  await expect(readJson(path, format)).rejects.toMatchObject({ code: 'project.unreadable', facts: { file: path } });
});
