import { mkdtemp, readdir, readFile, rm, utimes, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openUpload, removeStaleUploads } from './staging';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-staging-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Readable => Readable.from([Buffer.from(text)]);
const code = (code: string): object => expect.objectContaining({ code });

test('files keep their names and folders', async () => {
  const upload = await openUpload(folder);
  await upload.add('cats/<b>1</b>.png'.replace('</b>', ''), bytes('one'));
  expect(await readFile(join(upload.folder, 'cats', '<b>1.png'), 'utf8')).toBe('one');
});

test('two files of one name are both kept', async () => {
  const upload = await openUpload(folder);
  await Promise.all([upload.add('a.png', bytes('one')), upload.add('a.png', bytes('two'))]);
  expect((await readdir(upload.folder)).sort()).toEqual(['a (2).png', 'a.png']);
});

test('each cap is hit once, and nothing of the refused file stays, nor does it take the others’ room', async () => {
  const upload = await openUpload(folder, { uploadFileBytes: 4, uploadFiles: 3, uploadBytes: 5 });
  await expect(upload.add('large.png', bytes('12345'))).rejects.toEqual(code('upload.too-large'));
  expect(await readdir(upload.folder)).toEqual([]);
  await upload.add('fits.png', bytes('123'));
  await expect(upload.add('in-all.png', bytes('123'))).rejects.toEqual(code('upload.too-large'));
  await expect(upload.add('one-too-many.png', bytes(''))).rejects.toEqual(code('dataset.too-many-files'));
  expect(await readdir(upload.folder)).toEqual(['fits.png']);
});

test('an archive may be larger than a picture, up to the cap of all files', async () => {
  const upload = await openUpload(folder, { uploadFileBytes: 4, uploadFiles: 3, uploadBytes: 8 });
  await upload.add('large.ZIP', bytes('123456'));
  await expect(upload.add('larger.tar.gz', bytes('123456789'))).rejects.toEqual(code('upload.too-large'));
  expect(await readdir(upload.folder)).toEqual(['large.ZIP']);
});

test('a name that clashes with a folder is refused', async () => {
  const upload = await openUpload(folder);
  await upload.add('a', bytes('file'));
  await expect(upload.add('a/b.png', bytes('x'))).rejects.toEqual(code('upload.name-refused'));
});

test('an upload that breaks off leaves nothing of its file', async () => {
  const upload = await openUpload(folder);
  const broken = new Readable({
    read() {
      this.push('part');
      this.destroy(new Error('connection lost'));
    },
  });
  await expect(upload.add('a.png', broken)).rejects.toEqual(code('disk.failed'));
  expect(await readdir(upload.folder)).toEqual([]);
});

test('a removed upload takes nothing more', async () => {
  const upload = await openUpload(folder);
  await upload.remove();
  await expect(upload.add('a.png', bytes('x'))).rejects.toEqual(code('upload.unknown'));
  expect(await readdir(folder)).toEqual([]);
});

test('uploads of more than a day ago are removed at start', async () => {
  await mkdir(join(folder, 'old'));
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(folder, 'old'), yesterday, yesterday);
  const { id } = await openUpload(folder);
  await removeStaleUploads(folder);
  expect(await readdir(folder)).toEqual([id]);
  await removeStaleUploads(join(folder, 'missing'));
});
