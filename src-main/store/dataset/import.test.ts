import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { flagsOf } from '#shared/contract/pictureFlags';
import { limits } from '#shared/contract/limits';
import { addPictures, pixelsOf, png, small, workplace } from '../testing/imports';
import { colourful, redBlue } from '../testing/pictures';
import { clearDataset, undoClear } from './clear';
import { importPictures } from './import';
import { readDatasetSummary } from './manifest';
import { openPack } from './pack';
import { digestAt, readRecords, recordAt, type RecordColumns } from './records';
import { openRecords } from './shardRecords';
import type { ImportOptions, ImportProgress, ImportReport } from './types';

/** Options that watch the report grow, and what it says in the end. */
function watched(): { options: ImportOptions; last: () => ImportReport | undefined } {
  let report: (() => ImportReport) | undefined;
  return { options: { onReport: (grown) => (report = grown) }, last: () => report?.() };
}

test('500 pictures, 5 corrupt files, a text file and a turned JPEG: 5 + 1 are named, the rest is packed upright', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 500);
  const jpeg = await colourful(1000, 200, 150).jpeg().toBuffer();
  const picture = await png(1001);
  await writeFile(join(folder, 'cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
  await writeFile(join(folder, 'cut.png'), picture.subarray(0, picture.length / 2));
  await writeFile(join(folder, 'noise.jpg'), Buffer.concat([jpeg.subarray(0, 20), Buffer.alloc(999, 7)]));
  await writeFile(join(folder, 'renamed.png'), 'not a picture at all');
  await writeFile(join(folder, 'empty.webp'), '');
  await writeFile(join(folder, 'notes.txt'), 'remember the milk');
  await writeFile(join(folder, 'turned.jpg'), await redBlue(64, 64).withMetadata({ orientation: 6 }).jpeg().toBuffer());
  const progress: ImportProgress[] = [];
  const { summary, proposal } = await importPictures(project, from, {
    size: 32,
    onProgress: (now) => progress.push(now),
  });
  expect(proposal).toEqual({ size: 32, channels: 3 });
  expect(summary).toMatchObject({ images: 501, size: 32, channels: 3, added: 501, duplicates: 0, skippedCount: 6 });
  expect(summary.skipped.map(({ file, code }) => [file, code])).toEqual([
    ['pictures/cut.jpg', 'corrupt'],
    ['pictures/cut.png', 'corrupt'],
    ['pictures/empty.webp', 'empty'],
    ['pictures/noise.jpg', 'corrupt'],
    ['pictures/notes.txt', 'not-a-picture'],
    ['pictures/renamed.png', 'not-a-picture'],
  ]);
  for (const { detail } of summary.skipped) expect(detail).toMatch(/\w{3}/);
  expect(progress.at(-1)).toEqual({ phase: 'saving', done: 507, total: 507 });
  expect(progress.filter(({ phase }) => phase === 'decoding').map(({ done }) => done)).toEqual(
    Array.from({ length: 507 }, (_, index) => index + 1),
  );
  expect(await readDatasetSummary(project)).toEqual(summary);
  // The last by name: stored with red on its left, seen with red on top.
  const turned = (await pixelsOf(project)).subarray(500 * 32 * 32 * 3);
  const mean = (rows: Uint8Array, channel: number) =>
    rows.filter((_, index) => index % 3 === channel).reduce((sum, value) => sum + value, 0) / (rows.length / 3);
  const [top, bottom] = [turned.subarray(0, 14 * 96), turned.subarray(18 * 96)];
  expect(mean(top, 0)).toBeGreaterThan(200);
  expect(mean(bottom, 2)).toBeGreaterThan(200);
  expect(mean(top, 2)).toBeLessThan(60);
});

test('the pack gives pictures back in −1 … 1, in any order', async () => {
  const { project, folder, from } = await workplace();
  for (const [name, shade] of [
    ['a', '#000000'],
    ['b', '#ffffff'],
    ['c', '#336699'],
  ] as const) {
    const picture = sharp({ create: { width: 16, height: 16, channels: 3, background: shade } });
    await writeFile(join(folder, `${name}.png`), await picture.png().toBuffer());
  }
  await importPictures(project, from, small);
  const pack = await openPack(project);
  expect(pack).toMatchObject({ count: 3, size: 16, channels: 3 });
  const target = new Float32Array(4 * 768);
  pack.readInto(target, Uint32Array.of(2, 0, 1, 2));
  const colours = [0, 1, 2, 3].map((picture) => [...target.subarray(picture * 768, picture * 768 + 3)]);
  const blue = [0x33, 0x66, 0x99].map((byte) => Math.fround(byte / 127.5 - 1));
  expect(colours).toEqual([blue, [-1, -1, -1], [1, 1, 1], blue]);
  expect((await pack.pictures(1, 99)).count).toBe(2);
  expect((await pack.pictures(3, 1)).pixels).toHaveLength(0);
  expect(() => pack.readInto(target, Uint32Array.of(3, 0, 0, 0))).toThrow(RangeError);
  expect(() => pack.readInto(target, Uint32Array.of(0))).toThrow(RangeError);
  await pack.close();
});

test('a pack too large for memory is read from its shards: the same numbers', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 12);
  await importPictures(project, from, small);
  const [held, read] = [await openPack(project), await openPack(project, 0)];
  const indices = Uint32Array.of(11, 0, 5, 5, 7);
  const [expected, target] = [held, read].map((pack) => {
    const numbers = new Float32Array(indices.length * 16 * 16 * 3);
    pack.readInto(numbers, indices);
    return numbers;
  });
  expect(target).toEqual(expected);
  expect(new Set(target).size).toBeGreaterThan(2);
  expect(() => read.readInto(new Float32Array(768), Uint32Array.of(12))).toThrow(RangeError);
  await Promise.all([held.close(), read.close()]);
});

test('size and channels are proposed from the pictures, and fixed by the first import', async () => {
  const { project, folder, from } = await workplace();
  for (let seed = 0; seed < 6; seed++) {
    await writeFile(join(folder, `${seed}.jpg`), await colourful(seed, 90, 64).greyscale().jpeg().toBuffer());
  }
  const { proposal } = await importPictures(project, from);
  expect(proposal).toEqual({ size: 64, channels: 1 });
  await expect(importPictures(project, from, { size: 32 })).rejects.toMatchObject({ code: 'dataset.size-fixed' });
  await expect(importPictures(project, from, { channels: 3 })).rejects.toMatchObject({ code: 'dataset.size-fixed' });
  expect((await importPictures(project, from)).proposal).toEqual({ size: 64, channels: 1 });
});

test('pictures that are added become squares as those that are there did', async () => {
  const { project, folder, from } = await workplace();
  await writeFile(join(folder, '1.png'), await png(1, 90, 64));
  const fit = { crop: 'letterbox', background: '#102030' } as const;
  await importPictures(project, from, { size: 32, channels: 3, fit });
  for (const other of [{ crop: 'centre' }, { background: '#ffffff' }] as const) {
    await expect(importPictures(project, from, { fit: other })).rejects.toMatchObject({ code: 'dataset.fit-fixed' });
  }
  await writeFile(join(folder, '2.png'), await png(2, 90, 64));
  const { summary } = await importPictures(project, from, { fit: { crop: 'letterbox', background: undefined } });
  expect(summary).toMatchObject({ images: 2, fit });
});

test('small coloured pictures are proposed at 32', async () => {
  const { project, folder, from } = await workplace();
  for (let seed = 0; seed < 3; seed++) await writeFile(join(folder, `${seed}.png`), await png(seed, 100, 40));
  expect((await importPictures(project, from)).proposal).toEqual({ size: 32, channels: 3 });
});

test('a cancelled import leaves the pack as it was, and nothing beside it', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 5);
  // Large enough that some of the new pictures are on the disk already when it is cancelled.
  await importPictures(project, from, { size: 256, channels: 3 });
  const before = await pixelsOf(project);
  const files = await readdir(join(project.dir, 'dataset'));
  await addPictures(folder, 5, 30);
  const stopper = new AbortController();
  const running = importPictures(project, from, {
    signal: stopper.signal,
    onProgress: ({ phase, done }) => phase === 'decoding' && done === 33 && stopper.abort(),
  });
  await expect(running).rejects.toMatchObject({ code: 'job.cancelled' });
  expect(await pixelsOf(project)).toEqual(before);
  expect(await readdir(join(project.dir, 'dataset'))).toEqual(files);
});

test('cancelled before it began, it does nothing', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 3);
  const running = importPictures(project, from, { ...small, signal: AbortSignal.abort() });
  await expect(running).rejects.toMatchObject({ code: 'job.cancelled' });
  expect(await readDatasetSummary(project)).toBeUndefined();
});

test('videos are told apart from what is no picture, however large they are, and an import of them alone says what to do', async () => {
  const { project, folder, from } = await workplace();
  const mp4 = '\0\0\0\x1cftypisom\0\0\0\0isommp42';
  await writeFile(join(folder, 'clip.mp4'), mp4);
  await writeFile(join(folder, 'film.mov'), mp4);
  await truncate(join(folder, 'film.mov'), limits.uploadFileBytes + 1);
  const { options, last } = watched();
  const running = importPictures(project, from, { ...small, ...options });
  await expect(running).rejects.toMatchObject({
    facts: { files: 2, videos: 2 },
    hint: expect.stringContaining('takes their frames'),
  });
  expect(last()).toMatchObject({
    skippedCount: 2,
    byCode: { video: 2 },
    newest: [
      { file: 'pictures/film.mov', codes: ['video'] },
      { file: 'pictures/clip.mp4', codes: ['video'] },
    ],
  });
  await writeFile(join(folder, 'notes.txt'), 'no picture');
  await expect(importPictures(project, from, small)).rejects.toMatchObject({ hint: expect.stringContaining('PNG') });
  // A large file of another kind is told by its size.
  await writeFile(join(folder, 'scan.tif'), 'II*\0');
  await truncate(join(folder, 'scan.tif'), limits.uploadFileBytes + 1);
  await writeFile(join(folder, 'shoot.rar'), Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'));
  await truncate(join(folder, 'shoot.rar'), limits.uploadFileBytes + 1);
  await addPictures(folder, 0, 1);
  const { summary } = await importPictures(project, from, small);
  expect(summary.skipped).toMatchObject([
    { code: 'video' },
    { code: 'video' },
    { code: 'not-a-picture' },
    { code: 'too-large' },
    { code: 'archive', detail: 'a RAR archive is not opened' },
  ]);
});

test('a folder without a picture is an error, and each file is told', async () => {
  const { project, folder, from } = await workplace();
  await writeFile(join(folder, 'a.txt'), 'a');
  await writeFile(join(folder, 'b.txt'), 'b');
  const { options, last } = watched();
  const running = importPictures(project, from, options);
  await expect(running).rejects.toMatchObject({
    code: 'dataset.no-pictures',
    facts: {
      files: 2,
      examples:
        'pictures/a.txt (it begins like no picture format that is known), pictures/b.txt (it begins like no picture format that is known)',
    },
  });
  expect(last()?.newest.map(({ file }) => file)).toEqual(['pictures/b.txt', 'pictures/a.txt']);
  const nowhere = [{ kind: 'path', path: join(folder, 'nowhere') }] as const;
  await expect(importPictures(project, nowhere)).rejects.toMatchObject({ code: 'dataset.source-missing' });
});

test('what a page could not hand over is listed with what is skipped, and counted whole', async () => {
  const { project, folder, from } = await workplace();
  const files = [
    { file: 'pictures/gone.png', code: 'unreadable', detail: 'It could not be found.' },
    { file: 'pictures/huge.tif', code: 'too-large', detail: '99 bytes too many' },
  ] as const;
  const leftOut = { count: 40, files: [...files] };
  await expect(importPictures(project, from, { leftOut })).rejects.toMatchObject({
    code: 'dataset.no-pictures',
    facts: { files: 40, examples: expect.stringContaining('pictures/gone.png (It could not be found.)') },
  });
  await addPictures(folder, 0, 1);
  await writeFile(join(folder, 'notes.txt'), 'remember the milk');
  const { summary } = await importPictures(project, from, { ...small, leftOut });
  expect(summary).toMatchObject({ added: 1, skippedCount: 41 });
  expect(summary.skipped).toEqual([...files, expect.objectContaining({ file: 'pictures/notes.txt' })]);
  expect(await readDatasetSummary(project)).toEqual(summary);
});

test('an import is done once its manifest is written, also when nothing can be tidied up then', async () => {
  const { project, folder } = await workplace();
  await addPictures(folder, 0, 2);
  const dataset = join(project.dir, 'dataset');
  const obstacle = join(dataset, 'pictures-odd');
  const { summary } = await importPictures(project, [{ kind: 'path', path: folder, adopt: true }], {
    ...small,
    // A folder where files are expected: it is not removed as one.
    onProgress: ({ phase }) => void (phase === 'saving' && mkdirSync(obstacle)),
  });
  expect(existsSync(obstacle)).toBe(true);
  expect(await readDatasetSummary(project)).toEqual(summary);
  const { sources } = JSON.parse(await readFile(join(dataset, 'manifest.json'), 'utf8'));
  expect(await readdir(join(dataset, sources[0].path))).toEqual(['0000.png', '0001.png']);
});

test('a size is proposed from pictures, however many other files lie between them', async () => {
  const { project, folder, from } = await workplace();
  for (let number = 0; number < 400; number++) await writeFile(join(folder, `a note ${number}.txt`), 'a');
  await writeFile(join(folder, 'photo.jpg'), await colourful(1, 200, 150).greyscale().jpeg().toBuffer());
  const looked: (number | undefined)[] = [];
  const onProgress = ({ phase, total }: ImportProgress) => void (phase === 'looking' && looked.push(total));
  const { proposal } = await importPictures(project, from, { onProgress });
  expect(proposal).toEqual({ size: 64, channels: 1 });
  expect(looked.at(-1)).toBe(64);
});

test('cleared pictures come back, until others are imported', async () => {
  const { project, folder, from } = await workplace();
  await expect(undoClear(project)).rejects.toMatchObject({ code: 'dataset.nothing-cleared' });
  await addPictures(folder, 0, 4);
  const { summary } = await importPictures(project, from, small);
  // A run that trains goes on with the pack that it opened.
  const open = await openPack(project);
  await clearDataset(project);
  await clearDataset(project);
  expect(await readDatasetSummary(project)).toBeUndefined();
  await expect(openPack(project)).rejects.toMatchObject({ code: 'dataset.empty' });
  expect((await open.pictures(0, 4)).count).toBe(4);
  await open.close();
  await undoClear(project);
  expect(await readDatasetSummary(project)).toEqual(summary);
  await clearDataset(project);
  await importPictures(project, from, { size: 32, channels: 1 });
  await expect(undoClear(project)).rejects.toMatchObject({ code: 'dataset.nothing-cleared' });
});

test('a pack with a shard cut short or gone is refused by name', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 2);
  await importPictures(project, from, small);
  const shard = join(project.dir, 'dataset/pictures-00001.bin');
  const bytes = await readFile(shard);
  await writeFile(shard, bytes.subarray(1));
  await expect(openPack(project)).rejects.toMatchObject({ code: 'project.unreadable', facts: { file: shard } });
  await rm(shard);
  await expect(openPack(project)).rejects.toMatchObject({ code: 'project.unreadable', facts: { file: shard } });
});

test('a shard cut short or gone stops an import that would take it over, and stays as it is', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 2);
  await importPictures(project, from, small);
  const shard = join(project.dir, 'dataset/pictures-00001.bin');
  await writeFile(shard, (await readFile(shard)).subarray(1));
  await addPictures(folder, 2, 1);
  const refusal = { code: 'project.unreadable', facts: { file: shard } };
  await expect(importPictures(project, from, small)).rejects.toMatchObject(refusal);
  expect((await readdir(join(project.dir, 'dataset'))).toSorted()).toEqual([
    'manifest.json',
    'pictures-00001.bin',
    'pictures-00001.records',
  ]);
  await rm(shard);
  await expect(importPictures(project, from, small)).rejects.toMatchObject(refusal);
});

test('a project that is deleted amid an import is not made anew, and the disk is what the user reads of', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 3);
  const onProgress = ({ phase }: ImportProgress): void => {
    if (phase === 'decoding') rmSync(project.dir, { recursive: true, force: true });
  };
  await expect(importPictures(project, from, { ...small, onProgress })).rejects.toMatchObject({ code: 'disk.failed' });
  await expect(importPictures(project, from, small)).rejects.toMatchObject({ code: 'disk.failed' });
  expect(existsSync(project.dir)).toBe(false);
});

test('two imports at once follow each other', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 6);
  const [first, second] = await Promise.all([
    importPictures(project, from, small),
    importPictures(project, from, small),
  ]);
  expect(first.summary).toMatchObject({ added: 6, duplicates: 0 });
  expect(second.summary).toMatchObject({ images: 6, added: 0, duplicates: 6 });
});

test('what is known of each picture is kept, and summed up', async () => {
  const { project, folder, from } = await workplace();
  const write = async (name: string, picture: Sharp) => writeFile(join(folder, name), await picture.toBuffer());
  const flat = (r: number, g: number, b: number, alpha: number) =>
    sharp({ create: { width: 64, height: 48, channels: 4, background: { r, g, b, alpha } } });
  await write('a turned.png', redBlue(80, 40).withMetadata({ orientation: 6 }).jpeg());
  await write('b black.png', flat(0, 0, 0, 1).png());
  await write('c clear.png', flat(0x33, 0x66, 0xcc, 0.5).png());
  await write('d small.jpg', colourful(1, 10, 10).jpeg());
  await write('e grey.jpg', redBlue(64, 64).greyscale().jpeg());
  await write('f ink.jpg', redBlue(64, 64).toColourspace('cmyk').jpeg());
  await write('g deep.png', redBlue(64, 64).toColourspace('rgb16').png());
  await write('h wide.png', redBlue(64, 64).withIccProfile('p3').png());
  const { summary } = await importPictures(project, from, { size: 32, channels: 3, fit: { background: '#000000' } });
  const records = await openRecords(project);
  const noted = Array.from({ length: records.count }, (_, index) => recordAt(records, index));
  expect(noted.map(({ name, flags, width, height }) => [name, flagsOf(flags), width, height])).toEqual([
    ['pictures/a turned.png', ['turned', 'wrong-extension'], 40, 80],
    ['pictures/b black.png', ['too-dark', 'near-blank', 'grey'], 64, 48],
    ['pictures/c clear.png', ['transparent', 'near-blank'], 64, 48],
    ['pictures/d small.jpg', ['too-small', 'near-blank'], 10, 10],
    ['pictures/e grey.jpg', ['grey'], 64, 64],
    ['pictures/f ink.jpg', ['cmyk'], 64, 64],
    ['pictures/g deep.png', ['bit-depth'], 64, 64],
    ['pictures/h wide.png', ['profile'], 64, 64],
  ]);
  for (const { source, bytes, modifiedMs, name } of noted) {
    const stats = await stat(join(folder, name.slice('pictures/'.length)));
    expect([source, bytes, modifiedMs]).toEqual([0, stats.size, stats.mtimeMs]);
  }
  expect(summary.fit).toEqual({ crop: 'centre', background: '#000000' });
  expect(summary.report).toMatchObject({
    flags: { turned: 1, 'near-blank': 3, grey: 2 },
    sides: [
      [1, 1],
      [32, 3],
      [64, 4],
    ],
    aspects: [
      [0.4, 1],
      [0.95, 5],
      [1.25, 2],
    ],
  });
  const pixels = await pixelsOf(project);
  for (const [channel, { mean, deviation, histogram }] of summary.report.channels.entries()) {
    const values = pixels.filter((_, index) => index % 3 === channel);
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean).toBeCloseTo(average, 6);
    expect(deviation).toBeCloseTo(Math.sqrt(values.reduce((sum, v) => sum + (v - average) ** 2, 0) / values.length), 6);
    expect(histogram[0]).toBeCloseTo(values.filter((value) => value < 8).length / values.length, 9);
  }
  // Half of #3366cc on black.
  expect([...pixels.subarray(2 * 3072, 2 * 3072 + 3)]).toEqual([0x19, 0x33, 0x66]);
});

test('pictures that are added later are made into squares as the first ones were', async () => {
  const { project, folder, from } = await workplace();
  // Green between black: the middle of it alone is green, all of it has black.
  const green = sharp({ create: { width: 20, height: 20, channels: 3, background: '#00ff00' } });
  const bar = await green.extend({ left: 20, right: 20, background: '#000000' }).png().toBuffer();
  await writeFile(join(folder, '1.png'), await sharp(bar).resize(30, 10).png().toBuffer());
  const first = await importPictures(project, from, { ...small, fit: { crop: 'letterbox', background: '#ff0000' } });
  await writeFile(join(folder, '2.png'), bar);
  const second = await importPictures(project, from);
  const pixels = await pixelsOf(project);
  for (const picture of [pixels.subarray(0, 768), pixels.subarray(768)]) {
    expect([...picture.subarray(0, 3)]).toEqual([255, 0, 0]);
    expect([...picture.subarray(8 * 48, 8 * 48 + 3)]).toEqual([0, 0, 0]);
  }
  expect(second.summary.fit).toEqual(first.summary.fit);
});

test('a pack of format 1 is read, added to, and keeps its pictures', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 3);
  const { summary } = await importPictures(project, from, small);
  const before = await pixelsOf(project);
  const looks = (await openRecords(project)).looks;
  await asFormat1(join(project.dir, 'dataset'));
  expect(await readDatasetSummary(project)).toMatchObject({ images: 3, hash: summary.hash, fit: summary.fit });
  expect((await openRecords(project)).looks).toEqual(looks);
  await addPictures(folder, 3, 1);
  const added = await importPictures(project, from);
  expect(added.summary).toMatchObject({ images: 4, added: 1, duplicates: 3 });
  expect((await pixelsOf(project)).subarray(0, before.length)).toEqual(before);
});

/** Turns a pack back into what earlier versions of Ganvas wrote. */
async function asFormat1(dir: string): Promise<void> {
  const { size, channels, hash, shards, lastImport } = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8'));
  const old = { version: 1, size, channels, hash, shards, lastImport };
  await writeFile(join(dir, 'manifest.json'), JSON.stringify(old));
  const columns = (await readRecords(dir, shards[0].name, shards[0].count)) as RecordColumns;
  const pictures = Array.from({ length: columns.count }, (_, index) => ({
    sha256: digestAt(columns, index),
    name: recordAt(columns, index).name,
  }));
  await writeFile(join(dir, `${shards[0].name}.json`), JSON.stringify({ version: 1, pictures }));
  await rm(join(dir, `${shards[0].name}.records`));
}
