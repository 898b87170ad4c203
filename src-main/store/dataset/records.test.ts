import { readFile, rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { bitsOf, flagsOf, pictureFlagNames, pictureFlags } from '#shared/contract/pictureFlags';
import { temporaryFolder } from '../testing/temporaryFolder';
import { recordsPath } from './manifest';
import { columnsOf, digestAt, joinColumns, readRecords, recordAt, writeRecords, type PictureRecord } from './records';
import { RecordTable } from './recordTable';

const record = (number: number): PictureRecord => ({
  sha256: new Uint8Array(32).fill(number),
  name: `p/${'🙂ä'.repeat(number)}${number}.png`,
  source: number - 1,
  frame: number % 2 ? -1 : number,
  bytes: 2 ** 40 + number,
  modifiedMs: 1.7e12 + number / 4,
  width: 100 + number,
  height: 200,
  flags: 2 ** 31 + number,
  looks: new Uint8Array(8).fill(255 - number),
  mean: number / 2,
  deviation: number / 4,
});
const histogram = (value: number) => new Uint32Array(768).fill(value);

test('records come back from their file, one by one and joined', async () => {
  const dir = await temporaryFolder();
  const shards = [[0, 1, 2], [], [3]].map((numbers) => columnsOf(numbers.map(record), histogram(numbers.length)));
  for (const [index, shard] of shards.entries()) await writeRecords(dir, `pictures-${index}`, shard, {});
  const read = await Promise.all(shards.map(({ count }, index) => readRecords(dir, `pictures-${index}`, count)));
  expect(read).toEqual(shards);
  const all = joinColumns(shards, 3);
  expect(all.count).toBe(4);
  expect([0, 1, 2, 3].map((index) => recordAt(all, index))).toEqual([0, 1, 2, 3].map(record));
  expect(digestAt(all, 3)).toBe('03'.repeat(32));
  expect([...all.histogram]).toEqual(new Array(768).fill(4));
});

test('a file that is missing is told from one that is damaged', async () => {
  const dir = await temporaryFolder();
  const path = recordsPath(dir, 'pictures-1');
  expect(await readRecords(dir, 'pictures-1', 2)).toBeUndefined();
  await writeRecords(dir, 'pictures-1', columnsOf([record(1), record(2)], histogram(1)), {});
  const whole = await readFile(path);
  const damaged: readonly [Buffer, number][] = [
    [whole, 3],
    [whole.subarray(0, 500), 2],
    [Buffer.from(whole.toString('latin1').replace('"nameEnds"', '"nameends"'), 'latin1'), 2],
    [Buffer.from(whole.toString('latin1').replace('"format":"1"', '"format":"9"'), 'latin1'), 2],
    [Buffer.alloc(0), 2],
  ];
  for (const [bytes, count] of damaged) {
    await writeFile(path, bytes);
    const refusal = { code: 'project.unreadable', facts: { file: path } };
    await expect(readRecords(dir, 'pictures-1', count)).rejects.toMatchObject(refusal);
  }
  await rm(path);
});

test('each flag has a bit of its own, and bits come back as flags', () => {
  expect(pictureFlagNames.map((flag) => pictureFlags[flag].bit)).toEqual(pictureFlagNames.map((_, index) => index));
  expect(flagsOf(bitsOf(['near-blank', 'turned']))).toEqual(['turned', 'near-blank']);
});

test('a table grows past its first room, names of many bytes included, and begins anew when it is cleared', () => {
  const table = new RecordTable();
  const many = Array.from({ length: 700 }, (_, index) => ({ ...record(index % 120), bytes: index }));
  for (const each of many) table.add(each);
  const columns = table.columns(histogram(1));
  expect(columns.count).toBe(700);
  expect(many.map((_, index) => recordAt(columns, index))).toEqual(many);
  table.clear();
  table.add(record(5));
  const after = table.columns(histogram(2));
  expect([after.count, after.names.length, after.sides.length]).toEqual([1, Buffer.from(record(5).name).length, 2]);
  expect(recordAt(after, 0)).toEqual(record(5));
});
