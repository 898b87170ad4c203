import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { ImportProposal, PictureFit } from '#shared/contract/types';
import { inThread } from '../decode/pictureWorkers';
import { colourful, redBlue } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { importPictures } from './import';
import { datasetDir, readManifest } from './manifest';
import { openPack } from './pack';
import { digestAt } from './records';
import { refitPack } from './refit';
import { openRecords } from './shardRecords';

const COUNT = 7;

/** Pictures of two classes, one of them an animation of two frames, one see-through. */
async function imported(format: ImportProposal) {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
  for (const path of [dir, join(folder, 'a'), join(folder, 'b')]) await mkdir(path, { recursive: true });
  for (let number = 0; number < 4; number++) {
    const picture = number === 0 ? redBlue(90, 60) : colourful(number, 70 + number, 50);
    await writeFile(join(folder, number < 2 ? 'a' : 'b', `${number}.png`), await picture.png().toBuffer());
  }
  const clear = sharp({ create: { width: 40, height: 40, channels: 4, background: '#00000000' } });
  await writeFile(join(folder, 'a', 'clear.png'), await clear.png().toBuffer());
  const frames = Buffer.alloc(40 * 80 * 3, 200).fill(30, 0, 40 * 40 * 3);
  const animation = sharp(frames, { raw: { width: 40, height: 80, channels: 3, pageHeight: 40 } });
  await writeFile(join(folder, 'b', 'walk.gif'), await animation.gif().toBuffer());
  const project = { dir };
  const importAll = (at: { dir: string }, of = format) =>
    importPictures(at, [{ kind: 'path', path: folder }], { ...of, everyFrame: 1 }, inThread);
  await importAll(project);
  const records = await openRecords(project);
  const ids = Array.from({ length: records.count }, (_, picture) => digestAt(records, picture));
  expect(ids).toHaveLength(COUNT);
  return { root, project, folder, ids, importAll };
}

const change = (
  project: { dir: string },
  format: ImportProposal,
  rest: Partial<Parameters<typeof refitPack>[1]> = {},
) => refitPack(project, { fitOf: () => undefined, common: undefined, format, ...rest }, inThread);

/** All that training and the Data room read of a pack. */
async function contents(project: { dir: string }) {
  const pack = await openPack(project);
  const pictures = await pack.pictures(0, pack.count);
  const { hash, labels, classes } = pack;
  await pack.close();
  const manifest = await readManifest(project);
  const { count, mean, deviation, looks, flags } = await openRecords(project);
  const { report, fit } = manifest ?? {};
  return { pictures, hash, labels, classes, report, fit, records: { count, mean, deviation, looks, flags } };
}

test.each([
  { size: 64, channels: 3 },
  { size: 16, channels: 1 },
  { size: 256, channels: 1 },
] as const)(
  'all pictures become what an import at $size in $channels channels makes, and back again',
  async (format) => {
    const { root, project, importAll } = await imported({ size: 32, channels: 3 });
    const before = await contents(project);
    const progress: number[][] = [];
    const result = await change(project, format, { onProgress: (...step) => progress.push(step) });
    expect(result).toMatchObject({ done: COUNT, missing: [], summary: { images: COUNT, ...format } });
    expect(progress.at(-1)).toEqual([COUNT, COUNT]);
    const other = { dir: join(root, 'other') };
    await mkdir(other.dir);
    await importAll(other, format);
    expect(await contents(project)).toEqual(await contents(other));
    await change(project, { size: 32, channels: 3 });
    expect(await contents(project)).toEqual(before);
    // What was replaced is gone, and nothing is left of the writing.
    expect((await readdir(datasetDir(project))).filter((name) => name.startsWith('pictures-'))).toHaveLength(2);
  },
);

test('the size and the crop of all change at once; pictures with a crop of their own keep it', async () => {
  const { project, ids } = await imported({ size: 32, channels: 3 });
  const black: PictureFit = { crop: 'letterbox', background: '#000000' };
  const left: PictureFit = { ...black, region: { left: 0, top: 0, width: 0.5, height: 0.75 } };
  await change(
    project,
    { size: 16, channels: 3 },
    { common: black, fitOf: (id) => (id === ids[0] ? left : undefined) },
  );
  const { pictures, fit } = await contents(project);
  expect(fit).toEqual(black);
  const [own, clear] = [0, 2].map((picture) => pictures.pixels.subarray(picture * 768, (picture + 1) * 768));
  expect([...(own?.subarray(0, 3) ?? [])]).toEqual([255, 0, 0]);
  expect(clear?.every((value) => value === 0)).toBe(true);
});

test('where one file is gone nothing changes, and all that are gone are named', async () => {
  const { project, folder } = await imported({ size: 32, channels: 3 });
  const [before, manifest] = [await contents(project), await readManifest(project)];
  await rm(join(folder, 'a', '1.png'));
  await writeFile(join(folder, 'b', '3.png'), await colourful(9).png().toBuffer());
  const result = await change(project, { size: 64, channels: 3 });
  expect(result).toMatchObject({ summary: undefined, done: 0 });
  expect(result?.missing.map(({ name, problem }) => [name, problem]).sort()).toEqual([
    ['pictures/a/1.png', 'missing'],
    ['pictures/b/3.png', 'changed'],
  ]);
  expect(await contents(project)).toEqual(before);
  expect(await readManifest(project)).toEqual(manifest);
  expect((await readdir(datasetDir(project))).filter((name) => name.startsWith('pictures-'))).toHaveLength(2);
});

test('a cancel leaves the pack as it was', async () => {
  const { project } = await imported({ size: 32, channels: 3 });
  const before = await contents(project);
  const abort = new AbortController();
  const work = change(project, { size: 16, channels: 1 }, { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(work).rejects.toMatchObject({ code: 'job.cancelled' });
  expect(await contents(project)).toEqual(before);
  expect((await readdir(datasetDir(project))).filter((name) => name.startsWith('pictures-'))).toHaveLength(2);
});

test('a crash before the last moment leaves the old pack, and the next import tidies up', async () => {
  const { project, folder, importAll } = await imported({ size: 32, channels: 3 });
  const before = await contents(project);
  const dir = datasetDir(project);
  const shard = await readFile(join(dir, 'pictures-00001.bin'));
  await writeFile(join(dir, 'pictures-00002.bin'), shard);
  await writeFile(join(dir, 'pictures-00002.part'), 'half a record');
  expect(await contents(project)).toEqual(before);
  await writeFile(join(folder, 'a', 'more.png'), await colourful(20).png().toBuffer());
  expect((await importAll(project)).summary.images).toBe(COUNT + 1);
  expect((await readdir(dir)).filter((name) => name.endsWith('.part'))).toEqual([]);
});
