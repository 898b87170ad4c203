import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { colourful } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { classify } from './classes';
import { importPictures } from './import';
import { className, readLabelList } from './labelList';
import { readDatasetSummary } from './manifest';
import { openPack } from './pack';
import type { ImportResult } from './types';

const small = { size: 16, channels: 3 } as const;

/** A project and a folder of pictures; each name gives a picture of its own, other content is written as it is. */
async function workplace(names: readonly string[], texts: Readonly<Record<string, string | Buffer>> = {}) {
  const root = await temporaryFolder();
  const folder = join(root, 'pictures');
  await mkdir(join(root, 'project'));
  const add = async (more: readonly string[]): Promise<void> => {
    for (const name of more) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      // The same name is the same picture in every test.
      const seed = [...name].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_003, 7);
      await writeFile(join(folder, name), await colourful(seed, 20, 20).png().toBuffer());
    }
  };
  await add(names);
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const project = { dir: join(root, 'project') };
  const take = (...within: readonly string[]): Promise<ImportResult> => {
    const sources = (within.length > 0 ? within : ['.']).map(
      (path) => ({ kind: 'path', path: join(folder, path) }) as const,
    );
    return importPictures(project, sources, small);
  };
  return { project, folder, add, take };
}

async function labelsOf(project: { dir: string }): Promise<{ classes: readonly string[]; labels: number[] }> {
  const pack = await openPack(project);
  await pack.close();
  return { classes: pack.classes, labels: [...pack.labels] };
}

test('each subfolder with pictures is a class; pictures beside the subfolders have none', async () => {
  const { project, take } = await workplace(['dog/1.png', 'cat/1.png', 'cat/deep/2.png', 'top.png'], {
    'notes/a.txt': 'x',
  });
  const { summary } = await take();
  expect(summary.classes).toEqual([
    { name: 'cat', pictures: 2 },
    { name: 'dog', pictures: 1 },
  ]);
  expect(await labelsOf(project)).toEqual({ classes: ['cat', 'dog'], labels: [0, 0, 1, -1] });
  expect(await readDatasetSummary(project)).toEqual(summary);
});

test('one subfolder is no class, and folders that wrap all others or part the set do not count', async () => {
  const one = await workplace(['cat/1.png', 'top.png']);
  expect((await one.take()).summary.classes).toEqual([]);
  expect(await labelsOf(one.project)).toEqual({ classes: [], labels: [-1, -1] });
  const wrapped = await workplace(['data/all/cat/1.png', 'data/all/dog/1.png']);
  expect((await wrapped.take()).summary.classes.map(({ name }) => name)).toEqual(['cat', 'dog']);
  const parted = await workplace(['train/cat/1.png', 'train/dog/1.png', 'test/cat/2.png']);
  expect((await parted.take()).summary.classes).toEqual([
    { name: 'cat', pictures: 2 },
    { name: 'dog', pictures: 1 },
  ]);
});

test('folders dropped together are classes; a later folder of the same name adds to its class', async () => {
  const { project, take, add } = await workplace(['cat/1.png', 'dog/1.png']);
  await take('dog', 'cat');
  expect(await labelsOf(project)).toEqual({ classes: ['cat', 'dog'], labels: [1, 0] });
  await add(['dog/2.png', 'ant/1.png', 'bee/1.png', 'owl.png']);
  await take('dog');
  await take('owl.png');
  await take('bee', 'ant');
  // Numbers that are given stay: networks were trained with them.
  expect(await labelsOf(project)).toEqual({ classes: ['cat', 'dog', 'ant', 'bee'], labels: [1, 0, 1, -1, 3, 2] });
});

test('labels.csv wins over folders, with headings, quotes, subfolders and files that are not there', async () => {
  const csv = 'file,label\r\na/1.png,"red, or nearly"\r\nb\\2.png,blue\n./a/3.png;blue\nnowhere.png,green\n';
  const { project, take } = await workplace(['a/1.png', 'b/2.png', 'a/3.png', 'b/4.png'], { 'labels.csv': csv });
  const { summary } = await take();
  expect(summary).toMatchObject({
    images: 4,
    skipped: [
      {
        file: 'pictures/labels.csv',
        code: 'labels',
        detail: '1 of its 4 lines name no file that is here, or more than one (the first: “nowhere.png”)',
      },
      { file: 'pictures/b/4.png', code: 'labels', detail: 'no list of classes names this picture' },
    ],
  });
  expect(await labelsOf(project)).toEqual({ classes: ['blue', 'red, or nearly'], labels: [1, 0, 0, -1] });
});

test.each([
  ['ids without endings', 'filename,breed\n1,pug\n2,corgi', ['1.png', '2.png']],
  ['names of pictures in a folder beside it', '1.png,pug\n2.png,corgi', ['images/1.png', 'images/deep/2.png']],
  ['ids of pictures in a folder beside it', '1\tpug\n2\tcorgi', ['images/1.png', 'images/2.png']],
] as const)('labels.csv with %s', async (_what, csv, names) => {
  const { project, take } = await workplace(names, { 'labels.csv': csv });
  expect((await take()).summary.skipped).toEqual([]);
  expect(await labelsOf(project)).toEqual({ classes: ['corgi', 'pug'], labels: [1, 0] });
});

test('a name that several pictures have is nobody’s, and a list that names none leaves the folders to say the classes', async () => {
  const several = await workplace(['a/1.png', 'b/1.png', 'b/2.png'], { 'labels.csv': '1.png,red\n2.png,blue' });
  const { skipped } = (await several.take()).summary;
  expect(skipped.map(({ file }) => file)).toEqual(['pictures/labels.csv', 'pictures/a/1.png']);
  expect(skipped[1]?.detail).toBe('no list of classes names this picture, nor 1 more');
  expect(await labelsOf(several.project)).toEqual({ classes: ['blue'], labels: [-1, -1, 0] });
  const none = await workplace(['cat/1.png', 'dog/2.png'], { 'labels.csv': '7.png,red\n8.png,blue' });
  const { summary } = await none.take();
  expect(summary.classes.map(({ name }) => name)).toEqual(['cat', 'dog']);
  expect(summary.skipped).toMatchObject([{ code: 'labels', detail: expect.stringContaining('none of its 2 lines') }]);
});

test.each([
  ['UTF-16', (text: string) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')])],
  ['Windows-1252', (text: string) => Buffer.from(text, 'latin1')],
  ['UTF-8', (text: string) => Buffer.from(text)],
] as const)('labels.csv in %s', async (_name, encode) => {
  const { project, take } = await workplace(['1.png', '2.png'], { 'labels.csv': encode('1.png,Bär\n2.png,Kätzchen') });
  await take();
  expect((await labelsOf(project)).classes).toEqual(['Bär', 'Kätzchen']);
});

test('StyleGAN’s dataset.json gives classes by number; without labels it says that folders are none', async () => {
  const files = ['00000/img0.png', '00000/img1.png', '00001/img2.png'];
  const labels = JSON.stringify({ labels: [[files[0], 10], [files[1], 9], [files[2], 10]] }); // prettier-ignore
  const { project, take } = await workplace(files, { 'dataset.json': labels });
  await take();
  expect(await labelsOf(project)).toEqual({ classes: ['9', '10'], labels: [1, 0, 1] });
  const without = await workplace(files, { 'dataset.json': '{"labels": null}' });
  expect((await without.take()).summary).toMatchObject({ images: 3, classes: [], skippedCount: 0 });
});

test('a list that is none is told, and the folders are classes', async () => {
  const { take } = await workplace(['cat/1.png', 'dog/1.png'], { 'labels.csv': 'hello\nworld', 'dataset.json': '{' });
  const { summary } = await take();
  expect(summary.skipped.map(({ file, code }) => [file, code])).toEqual([
    ['pictures/dataset.json', 'labels'],
    ['pictures/labels.csv', 'labels'],
  ]);
  expect(summary.classes).toHaveLength(2);
});

test('pictures that were there without classes get them from the same pictures in folders, also in a pack of format 1', async () => {
  const { project, folder, take } = await workplace(['cat/1.png', 'dog/1.png', 'dog/2.png']);
  await take('cat');
  const path = join(project.dir, 'dataset/manifest.json');
  const { classes, ...old } = JSON.parse(await readFile(path, 'utf8')) as { classes: unknown };
  expect(classes).toEqual([]);
  await writeFile(path, JSON.stringify({ ...old, version: 1 }));
  expect(await labelsOf(project)).toEqual({ classes: [], labels: [-1] });
  const before = (await readDatasetSummary(project))?.hash;
  const { summary } = await take();
  expect(summary).toMatchObject({ images: 3, added: 2, duplicates: 1 });
  expect(await labelsOf(project)).toEqual({ classes: ['cat', 'dog'], labels: [0, 1, 1] });
  expect(summary.hash).not.toBe(before);
  // A class once given is kept, whatever a later import says; and only one file of labels stays.
  await mkdir(join(folder, 'all/ape'), { recursive: true });
  await mkdir(join(folder, 'all/cat'), { recursive: true });
  await writeFile(join(folder, 'all/ape/1.png'), await readFile(join(folder, 'cat/1.png')));
  await writeFile(join(folder, 'all/cat/1.png'), await readFile(join(folder, 'cat/1.png')));
  expect((await take('all')).summary.classes.map(({ name }) => name)).toEqual(['cat', 'dog']);
  expect((await readdir(join(project.dir, 'dataset'))).filter((name) => name.startsWith('labels-'))).toHaveLength(1);
});

test('the classes count for the identity of a pack, the same classes give the same', async () => {
  const take = async (names: readonly string[], csv: string) =>
    (await (await workplace(names, { 'labels.csv': csv })).take()).summary.hash;
  const names = ['1.png', '2.png'];
  const hash = await take(names, '1.png,a\n2.png,b');
  expect(await take(names, '2.png,b\n1.png,a')).toBe(hash);
  expect(await take(names, '1.png,b\n2.png,a')).not.toBe(hash);
});

test('a damaged file of labels is refused by name', async () => {
  const { project, take } = await workplace(['cat/1.png', 'dog/1.png']);
  await take();
  const file = join(project.dir, 'dataset/labels-00001.bin');
  const refusal = { code: 'project.unreadable', facts: { file } };
  await writeFile(file, Buffer.of(0, 0, 2, 0));
  await expect(openPack(project)).rejects.toMatchObject(refusal);
  await writeFile(file, Buffer.of(0, 0));
  await expect(openPack(project)).rejects.toMatchObject(refusal);
  await rm(file);
  await expect(openPack(project)).rejects.toMatchObject(refusal);
});

test('more classes than a project takes are told, and left out', async () => {
  const files = Array.from({ length: limits.classes + 1 }, (_, index) => {
    const name = `p/${index}/1.png`;
    return { path: `/${name}`, name, bytes: 1, modifiedMs: 0, source: 0 };
  });
  const within = await classify(files.slice(1), []);
  expect(within.classes).toHaveLength(limits.classes);
  expect(within.classes.slice(0, 3)).toEqual(['1', '2', '3']);
  for (const beyond of [await classify(files, []), await classify(files.slice(1), ['mine'])]) {
    expect(beyond.classes).toEqual([]);
    expect([...beyond.files].some(({ label }) => label !== undefined)).toBe(false);
    expect(beyond.skipped).toMatchObject([{ file: 'p', code: 'labels' }]);
  }
});

test('names of classes are plain, short text', () => {
  expect(className('  a\u0000b\nc\u202Ed ')).toBe('a b c d');
  expect(className('e\u0301')).toBe('é');
  expect(className('\n\t ')).toBeUndefined();
  expect(className('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
  expect(className('🙂'.repeat(500))).toBe('🙂'.repeat(limits.classNameLength / 2));
  expect(className('__proto__')).toBe('__proto__');
});

test('a list with many quotes or lines is read in time that grows with its length', () => {
  const bytes = Buffer.from('"'.repeat(2_000_001));
  expect(readLabelList('labels.csv', bytes)).toBeUndefined();
  expect(readLabelList('labels.csv', Buffer.from('a,b\n'.repeat(100_000)))).toHaveLength(100_000);
});
