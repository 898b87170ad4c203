import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveImportReport } from '#shared/contract/events';
import { EventHub } from './eventHub';
import { ImportReporter } from './importReporter';

const jobId = '11111111-1111-4111-8111-111111111111';
let told: LiveImportReport[];
let reporter: ImportReporter;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  const events = new EventHub();
  events.listen((message) => {
    if (message.event === 'import.report') told.push(message.data);
  });
  reporter = new ImportReporter(events, jobId);
});
afterEach(() => void vi.useRealTimers());

const grow = (added: number) =>
  reporter.grown(() => ({ added, duplicates: 0, skippedCount: 0, byCode: {}, newest: [] }));

test('what grows is told four times a second at most, as it is by then', () => {
  for (let added = 1; added <= 1000; added++) {
    grow(added);
    vi.advanceTimersByTime(1);
  }
  expect(told.map(({ added }) => added)).toEqual([250, 500, 750, 1000]);
  expect(told[0]).toEqual({ jobId, added: 250, duplicates: 0, skippedCount: 0, byCode: {}, newest: [] });
});

test('the last of it is told however long nothing follows, and at the end at once', () => {
  grow(1);
  vi.advanceTimersByTime(10_000);
  expect(told.map(({ added }) => added)).toEqual([1]);
  grow(2);
  reporter.end();
  expect(told.map(({ added }) => added)).toEqual([1, 2]);
  reporter.end();
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(2);
});
