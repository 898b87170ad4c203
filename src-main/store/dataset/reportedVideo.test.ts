import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { temporaryFolder } from '../testing/temporaryFolder';
import { colourful } from '../testing/pictures';
import { zipOf } from '../testing/archives';
import { importPictures } from './import';
import { listImports, readReportedFiles } from './importReports';
import { readReportedVideo } from './reportedVideo';
import type { PictureSource } from './types';

const mp4 = Buffer.concat([Buffer.from('\0\0\0\x1cftypisom\0\0\0\0isommp42', 'latin1'), Buffer.alloc(3000, 'frames')]);

/** A folder with a picture and what is no picture, imported; what its report says of the videos. */
async function imported(files: Readonly<Record<string, Buffer | string>>, adopt = false) {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pets')];
  await mkdir(dir);
  await mkdir(join(folder, 'cats'), { recursive: true });
  await writeFile(join(folder, 'a.png'), await colourful(1, 24, 20).png().toBuffer());
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const source: PictureSource = { kind: 'path', path: folder, adopt };
  await importPictures({ dir }, [source], { size: 16, channels: 3 });
  const { files: videos } = await readReportedFiles({ dir }, 1, { code: 'video', from: 0, count: 10 });
  const places = videos.map((file) => ('code' in file && 'video' in file ? file.video : undefined));
  const part = (place: number | undefined, from = 0, count: number = limits.videoPartBytes) =>
    readReportedVideo({ dir }, { import: 1, video: place ?? -1, from, count });
  return { dir, folder, videos, places, part };
}

test('videos that a report lists are read part by part, by their places in it', async () => {
  const { videos, places, part, dir } = await imported({ 'cats/clip.mp4': mp4, 'a.txt': 'a note', 'z.mp4': mp4 });
  expect(videos).toMatchObject([{ file: 'pets/cats/clip.mp4' }, { file: 'pets/z.mp4' }]);
  expect(JSON.stringify(videos)).not.toContain(dir.slice(0, -'project'.length));
  for (const place of places) {
    expect(await part(place)).toMatchObject({ size: mp4.length });
    expect(Buffer.compare((await part(place)).bytes, mp4)).toBe(0);
  }
  expect(Buffer.from((await part(places[0], 20, 30)).bytes)).toEqual(mp4.subarray(20, 50));
  expect((await part(places[0], mp4.length - 5, 30)).bytes).toHaveLength(5);
  expect((await part(places[0], mp4.length + 5, 30)).bytes).toHaveLength(0);
  const [{ skippedCount, byCode } = { skippedCount: 0, byCode: {} }] = await listImports({ dir });
  expect({ skippedCount, byCode }).toEqual({ skippedCount: 3, byCode: { video: 2, 'not-a-picture': 1 } });
});

test('nothing but what the report lists as a video is read, whatever a file is called', async () => {
  const line = JSON.stringify({ file: 'x.mp4', code: 'video', path: '/etc/hostname' });
  const { dir, part } = await imported({ 'clip.mp4': mp4, [`${line.replaceAll('/', '_')}.txt`]: 'a note' });
  const report = await readFile(join(dir, 'imports/0001.jsonl'));
  const answered: number[] = [];
  for (let place = 0; place <= report.length + 1; place++) {
    await part(place, 0, 1).then(
      () => answered.push(place),
      (error: unknown) => expect(error).toMatchObject({ code: 'dataset.report-unknown' }),
    );
  }
  expect(answered).toHaveLength(1);
  const other = readReportedVideo({ dir }, { import: 2, video: answered[0] ?? 0, from: 0, count: 1 });
  await expect(other).rejects.toMatchObject({ code: 'dataset.report-unknown' });
});

test('a report that somebody else wrote opens no file but a video', async () => {
  const { dir, folder, part } = await imported({ 'clip.mp4': mp4 });
  const secret = join(folder, 'secret.txt');
  await writeFile(secret, 'a secret');
  const lines = [secret, folder, join(folder, 'none.mp4')].map((path) =>
    JSON.stringify({ file: 'clip.mp4', code: 'video', path }),
  );
  await writeFile(join(dir, 'imports/0001.jsonl'), `${lines.join('\n')}\n`);
  let place = 0;
  for (const line of lines) {
    await expect(part(place)).rejects.toMatchObject({ code: 'video.gone', facts: { file: 'clip.mp4' } });
    place += line.length + 1;
  }
});

test('a video that has gone, or is another file now, says so', async () => {
  const { folder, places, part } = await imported({ 'clip.mp4': mp4 });
  await writeFile(join(folder, 'clip.mp4'), 'no video');
  await expect(part(places[0])).rejects.toMatchObject({ code: 'video.gone' });
  await rm(join(folder, 'clip.mp4'));
  await expect(part(places[0])).rejects.toMatchObject({ code: 'video.gone' });
});

test('videos in archives and of uploads, of which the beginning alone may be there, are not handed out', async () => {
  const zipped = await imported({});
  await writeFile(join(zipped.folder, 'more.zip'), zipOf([{ name: 'clip.mp4', bytes: mp4 }]));
  await importPictures({ dir: zipped.dir }, [{ kind: 'path', path: zipped.folder }]);
  const { files } = await readReportedFiles({ dir: zipped.dir }, 2, { code: 'video', from: 0, count: 10 });
  expect(files).toEqual([{ file: 'pets/more.zip/clip.mp4', code: 'video', detail: expect.any(String) }]);
  expect((await imported({ 'clip.mp4': mp4 }, true)).places).toEqual([undefined]);
});
