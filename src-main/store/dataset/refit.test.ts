import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import type { PictureFit } from '#shared/contract/types';
import { inThread } from '../decode/pictureWorkers';
import { tarOf, zipOf } from '../testing/archives';
import { redBlue } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { importPictures } from './import';
import { datasetDir, readManifest } from './manifest';
import { openPack } from './pack';
import { digestAt } from './records';
import { refitPack } from './refit';
import { relinkPictures } from './relink';
import { openRecords } from './shardRecords';

const black: PictureFit = { crop: 'letterbox', background: '#000000' };
const left: PictureFit = { crop: 'centre', background: '#ffffff', region: { left: 0, top: 0, width: 0.5, height: 1 } };

/** Five wide pictures, red on the left and blue on the right, told apart by their width. */
async function imported() {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
  await mkdir(dir);
  await mkdir(folder);
  for (let number = 0; number < 5; number++) {
    await writeFile(
      join(folder, `${number}.png`),
      await redBlue(60 + 2 * number, 30)
        .png()
        .toBuffer(),
    );
  }
  const project = { dir };
  const from = [{ kind: 'path', path: folder }] as const;
  const importAll = () => importPictures(project, from, { size: 16, channels: 3 }, inThread);
  await importAll();
  const records = await openRecords(project);
  const ids = Array.from({ length: 5 }, (_, picture) => digestAt(records, picture));
  return { root, project, folder, from, ids, importAll };
}

async function pixels(project: { dir: string }): Promise<readonly Uint8Array[]> {
  const pack = await openPack(project);
  const all = await pack.pictures(0, pack.count);
  await pack.close();
  const each = 16 * 16 * 3;
  return Array.from({ length: all.count }, (_, picture) => all.pixels.slice(picture * each, (picture + 1) * each));
}
const redShare = (picture: Uint8Array | undefined) =>
  (picture ?? new Uint8Array()).filter((value, at) => at % 3 === 0 && value > 128).length / 256;

const refit = (project: { dir: string }, fits: ReadonlyMap<string, PictureFit>, common?: PictureFit) =>
  refitPack(project, { fitOf: (id) => fits.get(id), common }, inThread);

test('one picture is made anew from its file, the others stay as they are, and back again', async () => {
  const { project, ids } = await imported();
  const [before, { hash } = { hash: '' }] = [await pixels(project), await readManifest(project)];
  expect(redShare(before[2])).toBeCloseTo(0.5);
  const fits = new Map([[ids[2] ?? '', left]]);
  expect(await refit(project, fits)).toMatchObject({ done: 1, missing: [] });
  const after = await pixels(project);
  expect(redShare(after[2])).toBe(1);
  for (const other of [0, 1, 3, 4]) expect(after[other]).toEqual(before[other]);
  expect((await readManifest(project))?.hash).not.toBe(hash);
  expect(await refit(project, fits)).toBeUndefined();
  await refit(project, new Map());
  expect(await pixels(project)).toEqual(before);
  expect((await readManifest(project))?.hash).toBe(hash);
  // Shards that were replaced are gone.
  const files = (await readdir(datasetDir(project))).filter((name) => name.endsWith('.bin'));
  expect(files).toHaveLength(1);
});

test('all pictures are made anew, but for those with a fit of their own; later ones are made alike', async () => {
  const { project, folder, ids, importAll } = await imported();
  const fits = new Map([[ids[0] ?? '', left]]);
  expect(await refit(project, fits, black)).toMatchObject({ done: 5, summary: { fit: black } });
  const after = await pixels(project);
  expect(redShare(after[0])).toBe(1);
  // Bars above and below.
  expect([...(after[1]?.slice(0, 3) ?? [])]).toEqual([0, 0, 0]);
  await writeFile(join(folder, '5.png'), await redBlue(90, 30).png().toBuffer());
  await importAll();
  const more = await pixels(project);
  expect(more).toHaveLength(6);
  expect([...(more[5]?.slice(0, 3) ?? [])]).toEqual([0, 0, 0]);
  expect(redShare(more[0])).toBe(1);
  expect(await refit(project, fits, black)).toBeUndefined();
});

test('what cannot be read stays as it is and is named; found again elsewhere, it is made anew', async () => {
  const { root, project, folder, ids } = await imported();
  const before = await pixels(project);
  const moved = join(root, 'moved');
  await rename(folder, moved);
  await mkdir(folder);
  // Another file under an old name is not what was imported.
  await writeFile(join(folder, '1.png'), await redBlue(8, 8).png().toBuffer());
  const fits = new Map(ids.slice(0, 2).map((id) => [id, left]));
  const result = await refit(project, fits);
  expect(result?.done).toBe(0);
  expect(result?.missing.map(({ name, problem }) => [name, problem])).toEqual([
    ['pictures/0.png', 'missing'],
    ['pictures/1.png', 'changed'],
  ]);
  expect(await pixels(project)).toEqual(before);
  // Where nothing is found, nothing is noted; a place that is known is not noted again.
  expect(await relinkPictures(project, [{ kind: 'path', path: folder }])).toBe(0);
  for (let time = 0; time < 2; time++) {
    expect(
      await relinkPictures(project, [
        { kind: 'path', path: folder },
        { kind: 'path', path: moved },
      ]),
    ).toBe(5);
  }
  expect((await readManifest(project))?.sources.map(({ path }) => path)).toEqual([folder, moved]);
  expect(await refit(project, fits)).toMatchObject({ done: 2, missing: [] });
  expect((await pixels(project)).map(redShare).slice(0, 2)).toEqual([1, 1]);
});

test('what was handed over to be looked through stays only where something was found in it', async () => {
  const { root, project, folder } = await imported();
  const originals = join(datasetDir(project), 'originals');
  const drop = async (from: string) => {
    const path = join(root, 'drop');
    await cp(from, path, { recursive: true });
    return [{ kind: 'path', path, adopt: true }] as const;
  };
  const controller = new AbortController();
  const cancelled = relinkPictures(project, await drop(folder), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(cancelled).rejects.toMatchObject({ code: 'job.cancelled' });
  expect(await readdir(originals)).toEqual([]);
  await mkdir(join(root, 'none'));
  expect(await relinkPictures(project, await drop(join(root, 'none')))).toBe(0);
  expect(await readdir(originals)).toEqual([]);
  expect(await relinkPictures(project, await drop(folder))).toBe(5);
  expect(await readdir(originals)).toHaveLength(1);
});

describe('pictures that came out of archives', () => {
  const names = ['a.png', 'deep/b.png', 'c.png', 'same.png', 'same.png'];

  /** A folder with an archive in it, beside a folder that is called like one; imported. */
  async function archived(kind: string) {
    const root = await temporaryFolder();
    const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
    await mkdir(dir);
    await mkdir(join(folder, 'no.zip'), { recursive: true });
    const pictureOf = (number: number) =>
      redBlue(60 + 2 * number, 30)
        .png()
        .toBuffer();
    await writeFile(join(folder, 'no.zip', 'plain.png'), await pictureOf(9));
    const entries = await Promise.all(names.map(async (name, number) => ({ name, bytes: await pictureOf(number) })));
    const make = {
      'a.zip': () => zipOf(entries),
      'a.tar': () => tarOf(entries),
      'a.tar.gz': () => gzipSync(tarOf(entries)),
    }[kind];
    const archive = join(folder, kind);
    await writeFile(archive, make?.() ?? '');
    const project = { dir };
    await importPictures(project, [{ kind: 'path', path: folder }], { size: 16, channels: 3 }, inThread);
    const records = await openRecords(project);
    const ids = Array.from({ length: records.count }, (_, picture) => digestAt(records, picture));
    expect(ids).toHaveLength(6);
    return { root, project, archive, ids };
  }
  const leftovers = async (project: { dir: string }) =>
    (await readdir(datasetDir(project))).filter((name) => name.startsWith('unpacked-'));

  it.each(['a.zip', 'a.tar', 'a.tar.gz'])('are made anew from %s, which is read again', async (kind) => {
    const { project, ids } = await archived(kind);
    expect(await refit(project, new Map(ids.map((id) => [id, left])))).toMatchObject({ done: 6, missing: [] });
    expect((await pixels(project)).map(redShare)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await leftovers(project)).toEqual([]);
  });

  it.each(['a.tar', 'a.tar.gz'])(
    'are those that are whole of %s, which is cut short, and are made anew from it',
    async (kind) => {
      const root = await temporaryFolder();
      const [project, folder] = [{ dir: join(root, 'project') }, join(root, 'pictures')];
      await mkdir(project.dir);
      await mkdir(folder);
      const picture = await redBlue(60, 30).png().toBuffer();
      const second = await redBlue(62, 30).png().toBuffer();
      const tar = tarOf([
        { name: 'a.png', bytes: picture },
        { name: 'b.png', bytes: second },
        { name: 'c.png', bytes: Buffer.alloc(9000, 1) },
      ]);
      const cut = tar.subarray(0, tar.length - 2000);
      await writeFile(join(folder, kind), kind === 'a.tar' ? cut : gzipSync(cut));
      const { summary } = await importPictures(project, [{ kind: 'path', path: folder }], { size: 16, channels: 3 });
      expect(summary).toMatchObject({ images: 2, skippedCount: 1 });
      const skipped = { file: `pictures/${kind}`, code: 'archive-cut', detail: 'it is cut short after 2 files' };
      expect(summary.skipped).toEqual([skipped]);
      const records = await openRecords(project);
      const fits = new Map([0, 1].map((place) => [digestAt(records, place), left]));
      expect(await refit(project, fits)).toMatchObject({ done: 2, missing: [] });
      expect(await leftovers(project)).toEqual([]);
    },
  );

  it.each(['a.zip', 'a.tar', 'a.tar.gz'])('stay as they are where %s is gone, damaged or another one', async (kind) => {
    const { root, project, archive, ids } = await archived(kind);
    const before = await pixels(project);
    const fits = new Map(ids.map((id) => [id, left]));
    const problems = async () => (await refit(project, fits))?.missing.map(({ problem }) => problem) ?? [];
    const bytes = await readFile(archive);
    await writeFile(archive, Buffer.alloc(2000, 7));
    expect(new Set(await problems())).toEqual(new Set(['archive']));
    const another = [{ name: 'a.png', bytes: await redBlue(8, 8).png().toBuffer() }];
    const [zip, tar] = [zipOf(another), tarOf(another)];
    await writeFile(archive, kind.endsWith('.zip') ? zip : kind.endsWith('.gz') ? gzipSync(tar) : tar);
    expect((await problems()).sort()).toEqual(['changed', 'missing', 'missing', 'missing', 'missing']);
    await rm(archive);
    expect(new Set(await problems())).toEqual(new Set(['missing']));
    // The picture that lies in the folder was made anew, the others were not.
    expect((await pixels(project)).slice(0, 5)).toEqual(before.slice(0, 5));
    await mkdir(join(root, 'moved'));
    await writeFile(join(root, 'moved', kind), bytes);
    expect(await relinkPictures(project, [{ kind: 'path', path: join(root, 'moved') }])).toBe(5);
    expect(await refit(project, fits)).toMatchObject({ done: 5, missing: [] });
    expect(await leftovers(project)).toEqual([]);
  });

  it('are not read from what would unpack to too much', async () => {
    const { project, archive, ids } = await archived('a.tar.gz');
    // As many times its own size as no archive may have, from the size on at which that is looked at.
    const bomb = gzipSync(Buffer.alloc(limits.archiveRatioFrom + 1024));
    expect(bomb.length * limits.archiveRatio).toBeLessThan(limits.archiveRatioFrom);
    await writeFile(archive, bomb);
    const result = await refit(project, new Map(ids.map((id) => [id, left])));
    expect(result?.missing.map(({ problem }) => problem)).toEqual(Array(5).fill('archive'));
    expect(await leftovers(project)).toEqual([]);
  });
});

test('a cancel leaves the pack as it was', async () => {
  const { project } = await imported();
  const [before, manifest] = [await pixels(project), await readManifest(project)];
  const abort = new AbortController();
  const work = refitPack(
    project,
    { fitOf: () => undefined, common: black, signal: abort.signal, onProgress: () => abort.abort() },
    inThread,
  );
  await expect(work).rejects.toMatchObject({ code: 'job.cancelled' });
  expect(await readManifest(project)).toEqual(manifest);
  expect(await pixels(project)).toEqual(before);
  expect((await readdir(datasetDir(project))).filter((name) => name.endsWith('.bin'))).toHaveLength(1);
});
