import { appendFile, copyFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import type { ReportCode, ReportedFile } from '#shared/contract/types';
import { colourful } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { clearDataset, undoClear } from './clear';
import { importPictures } from './import';
import { ImportLog } from './importLog';
import { listImports, readReportedFiles } from './importReports';

async function workplace() {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
  await mkdir(dir);
  await mkdir(folder);
  const project = { dir };
  const run = (signal?: AbortSignal) =>
    importPictures(project, [{ kind: 'path', path: folder }], { size: 16, channels: 3, signal });
  return { project, folder, reports: join(dir, 'imports'), run };
}

const png = (seed: number) => colourful(seed, 24, 20).png().toBuffer();

/** All that a report says of files, page by page. */
async function allOf(project: { dir: string }, number: number, code?: ReportCode, count = 3): Promise<ReportedFile[]> {
  const all: ReportedFile[] = [];
  for (let from: number | undefined = 0; from !== undefined;) {
    const { files, next } = await readReportedFiles(project, number, { code, from, count });
    expect(files.length).toBeLessThanOrEqual(count);
    all.push(...files);
    from = next;
  }
  return all;
}

test('each import leaves a report of its own, which a later one does not touch', async () => {
  const { project, folder, run, reports } = await workplace();
  expect(await listImports(project)).toEqual([]);
  await writeFile(join(folder, 'a.png'), await png(1));
  await writeFile(join(folder, 'cut.png'), (await png(2)).subarray(0, 90));
  await writeFile(join(folder, 'named.jpg'), await png(3));
  for (let note = 0; note < 7; note++) await writeFile(join(folder, `note ${note}.txt`), 'no picture');
  await run();
  await copyFile(join(folder, 'a.png'), join(folder, 'b.png'));
  await run();
  const imports = await listImports(project);
  expect(imports).toEqual([
    {
      import: 2,
      at: expect.any(String),
      from: ['pictures'],
      outcome: 'done',
      added: 0,
      duplicates: 3,
      skippedCount: 8,
      byCode: { corrupt: 1, 'not-a-picture': 7, again: 2, known: 1 },
    },
    {
      import: 1,
      at: expect.any(String),
      from: ['pictures'],
      outcome: 'done',
      added: 2,
      duplicates: 0,
      skippedCount: 8,
      byCode: { corrupt: 1, 'wrong-extension': 1, 'not-a-picture': 7 },
    },
  ]);
  expect((await allOf(project, 1)).map(({ file }) => file)).toEqual([
    'pictures/cut.png',
    'pictures/named.jpg',
    ...Array.from({ length: 7 }, (_, note) => `pictures/note ${note}.txt`),
  ]);
  expect(await allOf(project, 1, 'wrong-extension')).toEqual([
    { file: 'pictures/named.jpg', flags: ['wrong-extension'] },
  ]);
  expect(await allOf(project, 1, 'not-a-picture')).toHaveLength(7);
  expect(await allOf(project, 2, 'known')).toEqual([
    {
      file: 'pictures/b.png',
      code: 'known',
      picture: { id: expect.stringMatching(/^[0-9a-f]{64}$/), name: 'pictures/a.png' },
    },
  ]);
  expect(await readdir(reports)).toEqual(['0001.jsonl', '0002.jsonl']);
  await expect(allOf(project, 3)).rejects.toMatchObject({ code: 'dataset.report-unknown', facts: { import: 3 } });
});

test('of an import that fails or is cancelled every file is kept, and why', async () => {
  const { project, folder, run } = await workplace();
  await expect(run()).rejects.toMatchObject({ code: 'dataset.no-pictures' });
  // It came to no file.
  expect(await listImports(project)).toEqual([]);
  for (let note = 0; note < 9; note++) await writeFile(join(folder, `note ${note}.txt`), 'no picture');
  await expect(run()).rejects.toMatchObject({ code: 'dataset.no-pictures' });
  const [failed] = await listImports(project);
  expect(failed).toMatchObject({ import: 1, outcome: 'failed', added: 0, skippedCount: 9 });
  expect(failed?.error).toMatchObject({
    code: 'dataset.no-pictures',
    message: expect.stringContaining('None of the 9'),
  });
  expect(await allOf(project, 1)).toHaveLength(9);

  for (let seed = 0; seed < 9; seed++) await writeFile(join(folder, `z${seed}.png`), await png(seed));
  const stopper = new AbortController();
  const running = importPictures(project, [{ kind: 'path', path: folder }], {
    size: 16,
    channels: 3,
    signal: stopper.signal,
    onProgress: ({ done }) => done === 12 && stopper.abort(),
  });
  await expect(running).rejects.toMatchObject({ code: 'job.cancelled' });
  expect(await listImports(project)).toMatchObject([
    { import: 2, outcome: 'cancelled', added: 0, skippedCount: 9 },
    { import: 1 },
  ]);
  // Cancelled before it began, it has nothing to tell.
  await expect(run(AbortSignal.abort())).rejects.toMatchObject({ code: 'job.cancelled' });
  expect(await listImports(project)).toHaveLength(2);
});

test('reports outlive cleared pictures, and the undo of that', async () => {
  const { project, folder, run } = await workplace();
  await writeFile(join(folder, 'a.png'), await png(1));
  await writeFile(join(folder, 'note.txt'), 'no picture');
  await run();
  await clearDataset(project);
  expect(await listImports(project)).toMatchObject([{ import: 1, skippedCount: 1 }]);
  await rm(join(folder, 'a.png'));
  await expect(run()).rejects.toMatchObject({ code: 'dataset.no-pictures' });
  await undoClear(project);
  expect(await listImports(project)).toMatchObject([
    { import: 2, outcome: 'failed' },
    { import: 1, outcome: 'done' },
  ]);
  await clearDataset(project);
  await writeFile(join(folder, 'a.png'), await png(1));
  await run();
  expect((await listImports(project)).map((one) => one.import)).toEqual([3, 2, 1]);
});

test('what a killed import began to write is cleared away; a damaged report is passed over, its sound lines are read', async () => {
  const { project, folder, run, reports } = await workplace();
  await writeFile(join(folder, 'a.png'), await png(1));
  for (let note = 0; note < 4; note++) await writeFile(join(folder, `note ${note}.txt`), 'no picture');
  await mkdir(reports);
  await writeFile(join(reports, '.4711.tmp'), '{"file":"half');
  await run();
  await run();
  await run();
  expect(await readdir(reports)).toEqual(['0001.jsonl', '0002.jsonl', '0003.jsonl']);
  const text = await readFile(join(reports, '0001.jsonl'), 'utf8');
  await truncate(join(reports, '0001.jsonl'), text.length - 20);
  await writeFile(
    join(reports, '0002.jsonl'),
    text.replace('note 1.txt', 'note\n1.txt').replace('"not-a-picture"', '7'),
  );
  await appendFile(join(reports, '0003.jsonl'), `${JSON.stringify({ version: 2, at: 'later' })}\n`);
  await writeFile(join(reports, '0004.jsonl'), '');
  expect((await listImports(project)).map((one) => one.import)).toEqual([2]);
  expect((await allOf(project, 1)).map(({ file }) => file)).toHaveLength(4);
  expect((await allOf(project, 2)).map(({ file }) => file)).toEqual(['pictures/note 2.txt', 'pictures/note 3.txt']);
  // Amid a line, beyond the end: what can be read from there.
  expect((await readReportedFiles(project, 1, { from: 5, count: 9 })).files).toHaveLength(3);
  expect((await readReportedFiles(project, 1, { from: 2 ** 50, count: 9 })).files).toEqual([]);
});

test('names are text, whatever they hold', async () => {
  const dir = await temporaryFolder();
  const names = [
    'a\nb.png',
    '"}\n{"file":"x","code":"corrupt"}',
    '\u2028\ud800.png',
    '../../etc/passwd',
    '\x1b[2J.png',
  ];
  const log = new ImportLog({ dir }, [{ kind: 'path', path: '/pictures/\x1b[2J\n' }], undefined);
  for (const file of names) await log.skip({ file, code: 'empty' });
  await log.seal();
  await log.keep();
  expect((await allOf({ dir }, 1)).map(({ file }) => file)).toEqual(names);
  expect((await listImports({ dir }))[0]?.byCode).toEqual({ empty: names.length });
});

test('200 000 files are read page by page; the oldest reports beyond the cap go', async () => {
  const { project, reports, run, folder } = await workplace();
  const log = new ImportLog(project, [], undefined);
  const files = 200_000;
  for (let file = 0; file < files; file++) {
    await log.skip({ file: `pictures/${file}.txt`, code: file === files - 5 ? 'corrupt' : 'not-a-picture' });
  }
  await log.seal();
  await log.keep();
  expect(await listImports(project)).toMatchObject([{ skippedCount: files }]);
  expect(await allOf(project, 1, 'corrupt', 1)).toEqual([{ file: `pictures/${files - 5}.txt`, code: 'corrupt' }]);
  let [read, from]: [number, number | undefined] = [0, 0];
  while (from !== undefined) {
    const page = await readReportedFiles(project, 1, { from, count: limits.reportedFiles });
    expect(page.files[0]?.file ?? 'pictures/200000.txt').toBe(`pictures/${read}.txt`);
    [read, from] = [read + page.files.length, page.next];
  }
  expect(read).toBe(files);

  for (let number = 2; number <= limits.importReportsKept + 5; number++) {
    await writeFile(join(reports, `${String(number).padStart(4, '0')}.jsonl`), '{}\n');
  }
  await writeFile(join(folder, 'a.png'), await png(1));
  await run();
  const left = (await readdir(reports)).toSorted();
  expect(left).toHaveLength(limits.importReportsKept);
  expect([left[0], left.at(-1)]).toEqual(['0007.jsonl', '0206.jsonl']);
}, 120_000);

test('a pack from before there were reports tells what its manifest knows', async () => {
  const { project, folder, run, reports } = await workplace();
  await writeFile(join(folder, 'a.jpg'), await png(1));
  for (let note = 0; note < 4; note++) await writeFile(join(folder, `note ${note}.txt`), 'no picture');
  await run();
  await rm(reports, { recursive: true });
  expect(await listImports(project)).toMatchObject([
    { import: 0, outcome: 'done', added: 1, skippedCount: 4, byCode: { 'not-a-picture': 4, 'wrong-extension': 1 } },
  ]);
  expect(await allOf(project, 0)).toHaveLength(5);
  expect(await allOf(project, 0, 'wrong-extension')).toEqual([{ file: 'pictures/a.jpg', flags: ['wrong-extension'] }]);
});
