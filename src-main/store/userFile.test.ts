import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeUserFile } from './userFile';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ganvas-'))));
afterEach(() => rm(folder, { recursive: true }));

it('writes a file, with the folders above it, and replaces one that is there', async () => {
  const path = join(folder, 'a', 'b', 'grid.png');
  expect(await writeUserFile(path, Buffer.from('one'))).toBe(path);
  await writeUserFile(path, Buffer.from('two'));
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['grid.png']);
});

it('leaves nothing behind when the name is a folder’s', async () => {
  await writeUserFile(join(folder, 'taken', 'inside'), Buffer.from(''));
  await expect(writeUserFile(join(folder, 'taken'), Buffer.from('x'))).rejects.toMatchObject({ code: 'disk.failed' });
  expect(await readdir(folder)).toEqual(['taken']);
});
