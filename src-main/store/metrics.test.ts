import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrainingReport } from '#shared/contract/types';
import { openMetrics, readMetrics } from './metrics';
import { temporaryFolder } from './testing/temporaryFolder';

const report = (step: number): TrainingReport => ({
  step,
  images: step * 16,
  lossD: 1 / 3,
  lossG: 0.7 + step,
  dReal: 0.6,
  dFake: 0.4,
  msPerStep: 12.5,
  imagesPerSecond: 1280,
  seconds: step / 10,
});

async function logOf(steps: readonly number[], dir: string): Promise<string> {
  const log = await openMetrics(dir, 0);
  for (const step of steps) await log.append(report(step));
  await log.sync();
  await log.close();
  return join(dir, 'metrics.jsonl');
}

const stepsOf = async (dir: string) => (await readMetrics(dir)).map(({ step }) => step);

test('reports come back number by number', async () => {
  const dir = await temporaryFolder();
  expect(await readMetrics(dir)).toEqual([]);
  await logOf([10, 20], dir);
  expect(await readMetrics(dir)).toEqual([report(10), report(20)]);
});

test('a log torn at any byte keeps its whole lines, and goes on after them', async () => {
  const dir = await temporaryFolder();
  const path = await logOf([10, 20, 30], dir);
  const whole = await readFile(path);
  const second = whole.indexOf(10, whole.indexOf(10) + 1) + 1;
  for (let length = second; length < whole.length; length++) {
    await writeFile(path, whole.subarray(0, length));
    expect(await stepsOf(dir)).toEqual([10, 20]);
  }
  const log = await openMetrics(dir, 20);
  await log.append(report(40));
  await log.close();
  expect(await stepsOf(dir)).toEqual([10, 20, 40]);
});

test('a run resumed at an older step drops the reports of the steps after it', async () => {
  const dir = await temporaryFolder();
  await logOf([10, 20, 30, 40], dir);
  const log = await openMetrics(dir, 25);
  expect(await stepsOf(dir)).toEqual([10, 20]);
  await log.append(report(26));
  await log.close();
  expect(await stepsOf(dir)).toEqual([10, 20, 26]);
});

test('lines that fall back replace the ones they do anew; a damaged line is passed over', async () => {
  const dir = await temporaryFolder();
  const path = await logOf([10, 20, 30], dir);
  await appendFile(path, `\0\0garbage\n{"step": 25}\n${JSON.stringify(report(20))}\n`);
  expect(await stepsOf(dir)).toEqual([10, 20]);
});

test('an open log is cut back to a step, and goes on from there', async () => {
  const dir = await temporaryFolder();
  const log = await openMetrics(dir, 0);
  for (const step of [10, 20, 30]) await log.append(report(step));
  await log.cutAfter(25);
  expect(await stepsOf(dir)).toEqual([10, 20]);
  await log.append(report(26));
  await log.cutAfter(5);
  expect(await readFile(join(dir, 'metrics.jsonl'), 'utf8')).toBe('');
  await log.append(report(6));
  await log.close();
  expect(await stepsOf(dir)).toEqual([6]);
});
