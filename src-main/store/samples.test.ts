import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PictureBatch } from '#shared/contract/types';
import { dropSampleSheetsAfter, listSampleSheets, readSampleSheet, saveSampleSheet, thinnedOut } from './samples';
import { temporaryFolder } from './testing/temporaryFolder';

function batch(count: number, channels: 1 | 3): PictureBatch {
  const pixels = Uint8Array.from({ length: count * 8 * 6 * channels }, (_, index) => (index * 37) % 256);
  return { count, width: 8, height: 6, channels, pixels };
}

test.each([1, 3] as const)('a sheet with %i channels comes back pixel by pixel', async (channels) => {
  const dir = await temporaryFolder();
  for (const count of [1, 5, 16]) {
    await saveSampleSheet(dir, count, batch(count, channels));
    expect(await readSampleSheet(dir, count)).toEqual(batch(count, channels));
  }
  expect(await listSampleSheets(dir)).toEqual([1, 5, 16]);
});

test('sheets of steps to be done anew are dropped', async () => {
  const dir = await temporaryFolder();
  for (const step of [0, 5, 100]) await saveSampleSheet(dir, step, batch(1, 1));
  await dropSampleSheetsAfter(dir, 5);
  expect(await listSampleSheets(dir)).toEqual([0, 5]);
});

test('a missing, torn or flipped sheet is refused, not shown', async () => {
  const dir = await temporaryFolder();
  await expect(readSampleSheet(dir, 1)).rejects.toMatchObject({ code: 'project.unreadable' });
  await saveSampleSheet(dir, 1, batch(4, 3));
  const path = join(dir, 'samples/1.png');
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length - 20));
  await expect(readSampleSheet(dir, 1)).rejects.toMatchObject({ code: 'project.unreadable' });
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
  await writeFile(path, bytes);
  await expect(readSampleSheet(dir, 1)).rejects.toMatchObject({ code: 'project.unreadable' });
});

test('thinning out, one sheet after the other, keeps a long run’s sheets spread over its length', () => {
  let steps: number[] = [];
  for (let step = 0; step <= 10_000; step += 10) {
    steps.push(step);
    const dropped = thinnedOut(steps, 50);
    steps = steps.filter((kept) => !dropped.includes(kept));
  }
  expect(steps).toHaveLength(50);
  expect([steps[0], steps.at(-1)]).toEqual([0, 10_000]);
  const gaps = steps.slice(1).map((step, index) => step - (steps[index] as number));
  // Even would be 204 apart.
  expect(Math.max(...gaps)).toBeLessThanOrEqual(3 * 204);
});
