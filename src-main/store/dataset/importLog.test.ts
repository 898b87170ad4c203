import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { temporaryFolder } from '../testing/temporaryFolder';
import { ImportLog } from './importLog';
import type { ImportReport } from './types';

test('what an import says grows with each file: counts by code, and the last files first', async () => {
  const grown: ImportReport[] = [];
  const log = new ImportLog({ dir: await temporaryFolder() }, [], (report) => grown.push(report()));
  await log.add(3, [{ file: 'turned.jpg', flags: ['turned', 'cmyk'] }]);
  await log.skip({ file: 'cut.png', code: 'corrupt', detail: 'it ends early' });
  const picture = { id: 'a'.repeat(64), name: 'one.png' };
  await log.duplicate({ file: 'one.png', code: 'again', picture });
  await log.duplicate({ file: 'two.png', code: 'twice', picture });
  const conflict = { code: 'class-conflict', kept: 'cats', found: 'dogs' } as const;
  await log.duplicate({ file: 'one.png', code: 'again', picture, conflict });
  expect(grown.map(({ newest }) => newest[0]?.file)).toEqual([
    'turned.jpg',
    'turned.jpg',
    'cut.png',
    'cut.png',
    'two.png',
    'one.png',
  ]);
  expect(log.report()).toEqual({
    added: 3,
    duplicates: 3,
    skippedCount: 1,
    byCode: { turned: 1, cmyk: 1, corrupt: 1, again: 2, twice: 1, 'class-conflict': 1 },
    newest: [
      { file: 'one.png', codes: ['again', 'class-conflict'] },
      { file: 'two.png', codes: ['twice'] },
      { file: 'cut.png', codes: ['corrupt'] },
      { file: 'turned.jpg', codes: ['turned', 'cmyk'] },
    ],
  });
  expect(log.examples).toBe('cut.png (it ends early)');
});

test('however many files there are, only so many are held, and no name is longer than its cap', async () => {
  const log = new ImportLog({ dir: await temporaryFolder() }, [], undefined);
  for (let file = 0; file < 3 * limits.skippedListed; file++)
    await log.skip({ file: `${file}.txt`, code: 'not-a-picture' });
  await log.skip({ file: 'x'.repeat(100_000), code: 'empty', detail: 'y'.repeat(100_000) });
  const { skippedCount, byCode, newest } = log.report();
  expect({ skippedCount, byCode }).toEqual({
    skippedCount: 3 * limits.skippedListed + 1,
    byCode: { 'not-a-picture': 3 * limits.skippedListed, empty: 1 },
  });
  expect(newest).toHaveLength(limits.newestReported);
  expect(newest[0]?.file).toHaveLength(limits.reportedText + 1);
  expect(newest[1]?.file).toBe(`${3 * limits.skippedListed - 1}.txt`);
  expect(log.skipped).toHaveLength(limits.skippedListed);
});
