import { createHash } from 'node:crypto';
import { copyFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ReportCode } from '#shared/contract/types';
import type { PictureWorkers } from '../decode/picture';
import { inThread } from '../decode/pictureWorkers';
import { openPool } from '../decode/pool';
import { processDecoders } from '../decode/processDecoder';
import { bundle } from '../testing/bundle';
import { addPictures, pixelsOf, png, small, workplace } from '../testing/imports';
import { colourful } from '../testing/pictures';
import { importPictures } from './import';
import { readReportedFiles } from './importReports';
import { digestAt, recordAt } from './records';
import { openRecords } from './shardRecords';

test('what is there already is counted, not decoded again; what is new goes behind it', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 10);
  const first = await importPictures(project, from, small);
  const before = await pixelsOf(project);
  await addPictures(folder, 10, 5);
  await copyFile(join(folder, '0003.png'), join(folder, '0003 copy.png'));
  await copyFile(join(folder, '0012.png'), join(folder, '0012 copy.png'));
  const decoded: string[] = [];
  const second = await importPictures(project, from, {}, () => {
    const workers = inThread();
    const decodeFile: typeof workers.decodeFile = (file, options) => {
      decoded.push(basename(file.path));
      return workers.decodeFile(file, options);
    };
    return { ...workers, decodeFile };
  });
  // Of two new files with the same content both are decoded, and the second one is dropped.
  expect(decoded).toEqual(['0010.png', '0011.png', '0012 copy.png', '0012.png', '0013.png', '0014.png']);
  expect(second.summary).toMatchObject({ images: 15, added: 5, duplicates: 12, skippedCount: 0 });
  expect(second.summary.hash).not.toBe(first.summary.hash);
  expect((await pixelsOf(project)).subarray(0, before.length)).toEqual(before);
  // One shard, however many imports.
  expect((await readdir(join(project.dir, 'dataset'))).filter((name) => name.endsWith('.bin'))).toHaveLength(1);
});

test('in a folder of copies most are hashed alone, not decoded', async () => {
  const { project, folder, from } = await workplace();
  await addPictures(folder, 0, 1);
  for (let copy = 0; copy < 30; copy++) await copyFile(join(folder, '0000.png'), join(folder, `copy ${copy}.png`));
  let decoded = 0;
  const { summary } = await importPictures(project, from, small, () => {
    const workers = inThread();
    return { ...workers, decodeFile: (...asked) => ((decoded += 1), workers.decodeFile(...asked)) };
  });
  expect(summary).toMatchObject({ images: 1, duplicates: 30, skippedCount: 0 });
  expect(decoded).toBeLessThan(4);
});

test('the same pictures give the same pack, also when one is corrupt twice', async () => {
  const [a, b] = [await workplace(), await workplace()];
  for (const { folder } of [a, b]) {
    await addPictures(folder, 0, 20);
    const broken = (await png(50)).subarray(0, 90);
    await writeFile(join(folder, 'broken 1.png'), broken);
    await writeFile(join(folder, 'broken 2.png'), broken);
  }
  const [one, two] = [await importPictures(a.project, a.from, small), await importPictures(b.project, b.from, small)];
  expect(two.summary.hash).toBe(one.summary.hash);
  expect(await pixelsOf(b.project)).toEqual(await pixelsOf(a.project));
  expect(one.summary).toMatchObject({ duplicates: 0, skippedCount: 2 });
  expect(one.summary.skipped.map(({ file }) => file)).toEqual(['pictures/broken 1.png', 'pictures/broken 2.png']);
});

describe('a file that is written anew between its hash and its decoding', () => {
  const LAST = '0009.png';

  /** Notes which files are hashed, and does something after each. */
  const noting = (hashed: string[], then: (path: string) => Promise<void> | undefined) => (): PictureWorkers => {
    const workers = inThread();
    const digest: typeof workers.digest = async (file) => {
      const found = await workers.digest(file);
      hashed.push(basename(file.path));
      await then(file.path);
      return found;
    };
    return { ...workers, digest };
  };

  /** Imports a folder where the last file becomes that content once it has been hashed. */
  async function importedWith(content: Buffer) {
    const { project, folder, from } = await workplace();
    await addPictures(folder, 0, 1);
    // So many copies that those behind them are hashed first.
    for (const copy of [1, 2, 3, 4, 5]) await copyFile(join(folder, '0000.png'), join(folder, `0000 copy ${copy}.png`));
    const last = join(folder, LAST);
    await writeFile(last, await png(9, 100, 80));
    await utimes(last, 1e9, 1e9);
    const hashed: string[] = [];
    const rewrite = (path: string) => (path === last ? writeFile(last, content) : undefined);
    const { summary } = await importPictures(project, from, small, noting(hashed, rewrite));
    expect(hashed.at(-1)).toBe(LAST);
    const records = await openRecords(project);
    const pictures = Array.from({ length: records.count }, (_, picture) => ({
      id: digestAt(records, picture),
      bytes: recordAt(records, picture).bytes,
    }));
    return { project, from, summary, pictures };
  }
  const factsOf = (bytes: Uint8Array) => ({ id: hashOf(bytes), bytes: bytes.length });

  test('is in the pack as what was decoded', async () => {
    const [first, content] = [await png(0, 24, 20), await png(7, 24, 20)];
    const { project, from, summary, pictures } = await importedWith(content);
    expect(summary).toMatchObject({ images: 2, duplicates: 5, skippedCount: 0 });
    expect(pictures).toEqual([factsOf(first), factsOf(content)]);
    const alone = await workplace();
    await writeFile(join(alone.folder, LAST), content);
    await importPictures(alone.project, alone.from, small);
    expect((await pixelsOf(project)).subarray(768)).toEqual(await pixelsOf(alone.project));
    // Its time of change is not the one that it was found with: it is read again, and known by its content.
    const hashed: string[] = [];
    const again = await importPictures(
      project,
      from,
      small,
      noting(hashed, () => undefined),
    );
    expect(again.summary).toMatchObject({ images: 2, added: 0, duplicates: 7 });
    expect(hashed).toContain(LAST);
    // The first by name, and unchanged.
    expect(hashed).not.toContain('0000 copy 1.png');
  });

  test('is a copy where it has become one', async () => {
    const first = await png(0, 24, 20);
    const { summary, pictures } = await importedWith(first);
    expect(summary).toMatchObject({ images: 1, duplicates: 6, skippedCount: 0 });
    expect(pictures).toEqual([factsOf(first)]);
  });

  test('is refused where it has become no picture', async () => {
    const { project, summary, pictures } = await importedWith(Buffer.from('no picture'));
    expect(summary).toMatchObject({ images: 1, duplicates: 5, skippedCount: 1 });
    expect(summary.skipped).toMatchObject([{ file: `pictures/${LAST}`, code: 'not-a-picture' }]);
    expect(pictures).toHaveLength(1);
    expect(await pixelsOf(project)).toHaveLength(768);
  });

  test('is taken whole once it is imported again, where it has grown', async () => {
    const content = await png(7, 300, 200);
    const { project, from, summary, pictures } = await importedWith(content);
    expect(content.length).toBeGreaterThan((await png(9, 100, 80)).length);
    expect([summary.images, summary.skipped]).toMatchObject([1, [{ file: `pictures/${LAST}`, code: 'corrupt' }]]);
    expect(pictures).toHaveLength(1);
    const again = await importPictures(project, from, small);
    expect(again.summary).toMatchObject({ images: 2, added: 1, skippedCount: 0 });
    expect(digestAt(await openRecords(project), 1)).toBe(hashOf(content));
  });
});

describe('a folder of copies', () => {
  const CONTENTS = 6;
  const COPIES = 7;
  let file: URL;
  beforeAll(async () => {
    file = await bundle('src-main/store/decode/worker.ts', 'decode-copies');
  });

  /** Copies of each content one after the other, and then of all of them in turns; the last content is corrupt. */
  async function folderOfCopies() {
    const place = await workplace();
    const pictures = await Promise.all(
      Array.from({ length: CONTENTS + 1 }, (_, seed) => colourful(seed, 60, 50).jpeg().toBuffer()),
    );
    for (const [content, picture] of pictures.entries()) {
      const bytes = content < CONTENTS ? picture : picture.subarray(0, 300);
      for (let copy = 0; copy < COPIES; copy++) {
        await writeFile(join(place.folder, `a ${content} ${copy}.jpg`), bytes);
        await writeFile(join(place.folder, `b ${copy} ${content}.jpg`), bytes);
      }
    }
    return place;
  }

  /** All that an import leaves, and which files it decoded; `slow` ones take longer than those behind them. */
  async function imported(open: () => PictureWorkers, slow: readonly string[] = []) {
    const { project, from } = await folderOfCopies();
    const decoded: string[] = [];
    const { summary } = await importPictures(project, from, small, () => {
      const workers = open();
      const decodeFile: typeof workers.decodeFile = async (asked, options) => {
        const name = basename(asked.path);
        decoded.push(name);
        const outcome = await workers.decodeFile(asked, options);
        if (slow.includes(name)) await new Promise((done) => setTimeout(done, 300));
        return outcome;
      };
      return { ...workers, decodeFile };
    });
    const records = await openRecords(project);
    const reported = async (code: ReportCode) =>
      (await readReportedFiles(project, 1, { code, from: 0, count: 1000 })).files;
    const left = {
      summary: { ...summary, importedAt: undefined },
      names: Array.from({ length: records.count }, (_, picture) => recordAt(records, picture).name),
      ids: Array.from({ length: records.count }, (_, picture) => digestAt(records, picture)),
      pixels: await pixelsOf(project),
      copies: await reported('twice'),
      corrupt: await reported('corrupt'),
    };
    return { decoded, left };
  }

  const pool = (decoders: number) => (): PictureWorkers => {
    const workers = openPool({ file, kind: processDecoders, decoders });
    onTestFinished(() => workers.close());
    return workers;
  };

  test('gives the same pack however many decoders there are, and whichever file is slow', async () => {
    const one = await imported(inThread);
    const contents = Array.from({ length: CONTENTS }, (_, content) => content);
    const { names, ids, copies, corrupt, summary } = one.left;
    expect(names).toEqual(contents.map((content) => `pictures/a ${content} 0.jpg`));
    expect(summary).toMatchObject({ images: CONTENTS, duplicates: (2 * COPIES - 1) * CONTENTS });
    expect(summary.skippedCount).toBe(2 * COPIES);
    const of = (content: number) => new RegExp(`^pictures/(?:a ${content} \\d|b \\d ${content})\\.jpg$`);
    for (const content of contents) {
      const own = copies.filter((copy) => of(content).test(copy.file));
      expect(new Set(own.map((copy) => copy.file)).size).toBe(2 * COPIES - 1);
      const picture = { id: ids[content], name: names[content] };
      for (const copy of own) expect(copy).toMatchObject({ picture });
    }
    expect(new Set(corrupt.filter((copy) => of(CONTENTS).test(copy.file)).map((copy) => copy.file)).size).toBe(
      2 * COPIES,
    );
    const firsts = ['a 0 0.jpg', 'a 1 0.jpg', `a ${CONTENTS} 0.jpg`];
    for (const other of [await imported(pool(1)), await imported(pool(3)), await imported(pool(3), firsts)]) {
      expect(other.left).toEqual(one.left);
      // By the time of these all contents are known.
      expect(other.decoded.filter((name) => name.startsWith('b'))).toEqual([]);
    }
  });
});

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
