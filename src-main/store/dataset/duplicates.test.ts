import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { ReportCode } from '#shared/contract/types';
import { colourful } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { importPictures } from './import';
import { readReportedFiles } from './importReports';
import type { ImportReport } from './types';

/** A project, and a way to write pictures by their seeds and import them. */
async function workplace() {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
  await mkdir(dir);
  await mkdir(folder);
  const at = (name: string) => join(folder, name);
  return {
    folder,
    async add(name: string, seed: number) {
      await mkdir(dirname(at(name)), { recursive: true });
      await writeFile(at(name), await colourful(seed, 24, 20).png().toBuffer());
    },
    async animate(name: string, count: number, seed: number) {
      const frames = Array.from({ length: count }, (_, frame) =>
        colourful(100 * seed + frame, 24, 20)
          .png()
          .toBuffer(),
      );
      const animation = sharp(await Promise.all(frames), { join: { animated: true } });
      await writeFile(at(name), await animation.gif().toBuffer());
    },
    async copy(from: string, to: string) {
      await mkdir(dirname(at(to)), { recursive: true });
      await copyFile(at(from), at(to));
    },
    async idOf(name: string): Promise<string> {
      return createHash('sha256')
        .update(await readFile(at(name)))
        .digest('hex');
    },
    async reported(number: number, code: ReportCode) {
      return (await readReportedFiles({ dir }, number, { code, from: 0, count: 100 })).files;
    },
    list: (name: string, text: string) => writeFile(at(name), text),
    move: (from: string, to: string) => rename(at(from), at(to)),
    async import(everyFrame?: number) {
      let report: (() => ImportReport) | undefined;
      const onReport = (grown: () => ImportReport): void => void (report = grown);
      const options = { size: 16, channels: 3, everyFrame, onReport } as const;
      const { summary } = await importPictures({ dir }, [{ kind: 'path', path: folder }], options);
      return { summary, ...report?.() };
    },
  };
}

test('files that were imported before, copies of them, and copies within one import are told apart', async () => {
  const pictures = await workplace();
  await pictures.add('a.png', 1);
  await pictures.add('b.png', 2);
  await pictures.copy('b.png', 'c.png');
  const first = await pictures.import();
  expect(first).toMatchObject({ added: 2, duplicates: 1, byCode: { twice: 1 } });
  expect(first.newest).toEqual([{ file: 'pictures/c.png', codes: ['twice'] }]);

  await pictures.copy('a.png', 'd.png');
  await pictures.add('e.png', 3);
  await pictures.copy('e.png', 'f.png');
  const second = await pictures.import();
  expect(second.byCode).toEqual({ again: 2, known: 2, twice: 1 });
  expect(second.summary).toMatchObject({ added: 1, duplicates: 5 });
  // The files themselves are nothing to tell of.
  expect(second.newest).toEqual([
    { file: 'pictures/f.png', codes: ['twice'] },
    { file: 'pictures/d.png', codes: ['known'] },
    { file: 'pictures/c.png', codes: ['known'] },
  ]);
});

test('the same picture in the folders of two classes is a conflict, and keeps the first', async () => {
  const pictures = await workplace();
  await pictures.add('cats/1.png', 1);
  await pictures.add('cats/2.png', 2);
  await pictures.add('dogs/3.png', 3);
  await pictures.copy('cats/1.png', 'dogs/1.png');
  await pictures.copy('cats/2.png', 'cats/4.png');
  const { byCode, newest, summary } = await pictures.import();
  expect(byCode).toEqual({ twice: 2, 'class-conflict': 1 });
  expect(newest?.[0]).toEqual({ file: 'pictures/dogs/1.png', codes: ['twice', 'class-conflict'] });
  expect(await pictures.reported(1, 'class-conflict')).toEqual([
    {
      file: 'pictures/dogs/1.png',
      code: 'twice',
      picture: { id: await pictures.idOf('cats/1.png'), name: 'pictures/cats/1.png' },
      conflict: { code: 'class-conflict', kept: 'cats', found: 'dogs' },
    },
  ]);
  expect(summary.classes).toEqual([
    { name: 'cats', pictures: 2 },
    { name: 'dogs', pictures: 1 },
  ]);
  // Moved to the other class since: it is known, and still of the class that it had.
  await pictures.move('cats/2.png', 'dogs/2.png');
  const moved = await pictures.import();
  expect(moved.byCode).toMatchObject({ known: 3, 'class-conflict': 2 });
  expect(moved.summary.classes).toEqual(summary.classes);
  const moves = await pictures.reported(2, 'class-conflict');
  expect(moves.map(({ file }) => file)).toEqual(['pictures/dogs/1.png', 'pictures/dogs/2.png']);
  expect(moves[1]).toMatchObject({ picture: { id: await pictures.idOf('dogs/2.png'), name: 'pictures/cats/2.png' } });
});

test('a list that gives a picture another class later is a conflict too, though its file was not read again', async () => {
  const pictures = await workplace();
  await pictures.add('1.png', 1);
  await pictures.add('2.png', 2);
  await pictures.list('labels.csv', '1.png,cats\n2.png,dogs\n');
  await pictures.import();
  await pictures.list('labels.csv', '1.png,dogs\n2.png,dogs\n');
  expect((await pictures.import()).byCode).toEqual({ again: 2, 'class-conflict': 1 });
  expect(await pictures.reported(2, 'again')).toEqual([
    {
      file: 'pictures/1.png',
      code: 'again',
      picture: { id: await pictures.idOf('1.png'), name: 'pictures/1.png' },
      conflict: { code: 'class-conflict', kept: 'cats', found: 'dogs' },
    },
  ]);
});

test('an animation that is there keeps its frames; asked for others, the import says so and the pack stays true', async () => {
  const pictures = await workplace();
  await pictures.animate('walk.gif', 12, 1);
  await pictures.add('a.png', 1);
  expect((await pictures.import()).summary).toMatchObject({ images: 4, everyFrame: 5 });

  const again = await pictures.import();
  expect(again).toMatchObject({ added: 0, byCode: { again: 2 } });
  expect((await pictures.import(5)).byCode).toEqual({ again: 2 });
  const otherwise = await pictures.import(2);
  expect(otherwise).toMatchObject({ added: 0, duplicates: 2, byCode: { 'other-frames': 1, again: 1 } });
  expect(otherwise.summary).toMatchObject({ images: 4, everyFrame: 5, hash: again.summary.hash });
  const [file] = await pictures.reported(4, 'other-frames');
  expect(file).toMatchObject({ file: 'pictures/walk.gif', picture: { name: 'pictures/walk.gif' } });

  // Another animation is taken as one likes, and those after it are taken alike.
  await pictures.animate('run.gif', 6, 2);
  const added = await pictures.import(2);
  expect(added).toMatchObject({ added: 3, byCode: { 'other-frames': 1, again: 1 } });
  expect(added.summary).toMatchObject({ images: 7, everyFrame: 2 });
  expect((await pictures.import()).byCode).toEqual({ again: 3 });
});

test('of an animation the first frame alone, then all of them; without animations the number is free', async () => {
  const pictures = await workplace();
  await pictures.add('a.png', 1);
  expect((await pictures.import(3)).summary.everyFrame).toBe(3);
  await pictures.animate('walk.gif', 4, 1);
  expect((await pictures.import(0)).summary).toMatchObject({ images: 2, everyFrame: 0 });
  expect((await pictures.import(0)).byCode).toEqual({ again: 2 });
  const wanted = await pictures.import(1);
  expect(wanted).toMatchObject({ added: 0, byCode: { 'other-frames': 1, again: 1 } });
  expect(wanted.summary).toMatchObject({ images: 2, everyFrame: 0 });
});
