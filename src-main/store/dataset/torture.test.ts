import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flagsOf } from '#shared/contract/pictureFlags';
import { temporaryFolder } from '../testing/temporaryFolder';
import { writeTorture, type Ending } from '../testing/torture';
import { importPictures } from './import';
import { recordAt } from './records';
import { openRecords } from './shardRecords';

test('the torture folder: every format and defect ends as it is to, and nothing of it is changed', async () => {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
  await mkdir(dir);
  await mkdir(folder);
  const endings = await writeTorture(folder);
  expect(endings.size).toBeGreaterThan(200);
  const before = await fingerprints(folder);
  const { summary } = await importPictures({ dir }, [{ kind: 'path', path: folder }], {
    size: 32,
    channels: 3,
  });
  const { skipped } = summary;
  const records = await openRecords({ dir });
  const noted = Array.from({ length: records.count }, (_, index) => recordAt(records, index));
  const ended = [...endings].map(([name, ending]): [string, Ending] => {
    const own = (file: string): boolean => new RegExp(`^pictures/${name}(?:$|[/#])`).test(file);
    const refusals = skipped.filter(({ file }) => own(file));
    if (refusals.length > 0) return [name, { skipped: refusals.map(({ code }) => code).join() as never }];
    const pictures = noted.filter((picture) => own(picture.name));
    if (!('flags' in ending) || !ending.flags) return [name, { taken: pictures.length }];
    const common = ending.flags.filter((flag) => pictures.every(({ flags }) => flagsOf(flags).includes(flag)));
    return [name, { taken: pictures.length, flags: common }];
  });
  expect(Object.fromEntries(ended)).toEqual(Object.fromEntries(endings));
  // What is sound is neither mended nor doubtful.
  const clean = noted.filter(({ name }) => /^pictures\/(?:png|jpeg|webp|tiff|gif|avif)\//.test(name));
  expect(clean.filter(({ flags }) => flags !== 0).map(({ name, flags }) => [name, flagsOf(flags)])).toEqual([]);
  for (const { detail } of skipped) expect(detail).toMatch(/\w{3}/);
  expect(summary.images).toBe(records.count);
  expect(summary.skippedCount).toBe(skipped.length);
  expect(summary.mended.length).toBeGreaterThan(40);
  expect(await fingerprints(folder)).toEqual(before);
  // Nothing stays of what was unpacked.
  expect((await readdir(join(dir, 'dataset'))).toSorted()).toEqual([
    'labels-00001.bin',
    'manifest.json',
    'pictures-00001.bin',
    'pictures-00001.records',
  ]);
}, 120_000);

async function fingerprints(folder: string): Promise<Record<string, string>> {
  const prints: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    prints[path] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  }
  return prints;
}
