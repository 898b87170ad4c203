import { expect, test } from 'vitest';
import type { EventMessage } from '#shared/contract/events';
import { JobWords } from './jobWords';

const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
const progress = (jobId: string, done: number, secondsLeft?: number): EventMessage => ({
  event: 'job.progress',
  data: { jobId, label: 'Reading pictures', done, total: 328, secondsLeft },
});
const report = (jobId: string, skippedCount: number): EventMessage => ({
  event: 'import.report',
  data: { jobId, added: 38, duplicates: 1, skippedCount, byCode: { corrupt: skippedCount }, newest: [] },
});

test('one line says how far an import is and what it met, whichever of the two is told first', () => {
  const words = new JobWords();
  expect(words.after(report(one, 0))).toBe('');
  expect(words.after(progress(one, 39))).toBe('Reading pictures 39 of 328: 38 added, 0 skipped, 1 known');
  expect(words.after(report(one, 2))).toBe('Reading pictures 39 of 328: 38 added, 2 skipped, 1 known');
  expect(words.after(progress(one, 42, 11.2))).toBe(
    'Reading pictures 42 of 328, 12 s left: 38 added, 2 skipped, 1 known',
  );
});

test('what one job met is not said of the next; other events change nothing', () => {
  const words = new JobWords();
  words.after(progress(one, 39));
  words.after(report(one, 2));
  expect(words.after(progress(two, 1))).toBe('Reading pictures 1 of 328');
  expect(words.after({ event: 'curation.changed', data: { projectId: one, curation: {} as never } })).toBeUndefined();
});
