import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './testing/temporaryFolder';
import { readTrainedSessions, recordTrainedPictures } from './runPictures';

const left = { excluded: 1, heldOut: 2, unweighted: 0 };

it('writes down each set that a run is trained on, once, from which step on, with the pictures themselves', async () => {
  const dir = await temporaryFolder();
  expect(await readTrainedSessions(dir)).toEqual([]);
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
  const record = (fromStep: number, hash: string) =>
    recordTrainedPictures(dir, { fromStep, hash, trained: 2, ...left }, () => [`${hash}-1`, `${hash}-2`]);
  const steps = async () => (await readTrainedSessions(dir)).map(({ fromStep, hash }) => [fromStep, hash[0]]);
  await record(0, a);
  await record(100, a);
  expect(await steps()).toEqual([[0, 'a']]);
  await record(200, b);
  expect(await steps()).toEqual([
    [0, 'a'],
    [200, 'b'],
  ]);
  // Back to an earlier checkpoint: what came after it is trained anew.
  await record(150, a);
  expect(await steps()).toEqual([[0, 'a']]);
  await record(0, b);
  expect(await steps()).toEqual([[0, 'b']]);
  expect((await readdir(dir)).sort()).toEqual([
    'pictures-aaaaaaaaaaaa.txt',
    'pictures-bbbbbbbbbbbb.txt',
    'pictures.json',
  ]);
  expect(await readFile(join(dir, 'pictures-aaaaaaaaaaaa.txt'), 'utf8')).toBe(`${a}-1\n${a}-2\n`);
});
