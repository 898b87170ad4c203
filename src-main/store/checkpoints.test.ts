import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { exists } from './atomic';
import { loadNewestCheckpoint, newestCheckpointStep, saveCheckpoint, type Checkpoint } from './checkpoints';
import { temporaryFolder } from './testing/temporaryFolder';

const vector = (step: number, length: number) =>
  Float32Array.from({ length }, (_, index) => Math.sin(step + index / 7));

function checkpoint(step: number): Checkpoint {
  const network = (size: number) => ({
    weights: vector(step, size),
    firstMoment: vector(step + 1, size),
    secondMoment: vector(step + 2, size),
    running: vector(step + 3, 5),
  });
  const state = { generator: network(100), discriminator: network(60), step };
  return { state, seed: 2 ** 53 - 1, images: step * 16, seconds: step / 3, datasetHash: 'ab12' };
}

async function runWith(...steps: readonly number[]): Promise<{ run: string; checkpoints: string }> {
  const run = await temporaryFolder();
  for (const step of steps) await saveCheckpoint(run, checkpoint(step));
  return { run, checkpoints: join(run, 'checkpoints') };
}

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
  await writeFile(path, bytes);
}

test('a checkpoint comes back bit by bit', async () => {
  const { run } = await runWith(7);
  expect(await loadNewestCheckpoint(run)).toEqual({ checkpoint: checkpoint(7), setAside: [] });
  expect(await newestCheckpointStep(run)).toBe(7);
});

test('the generator’s average comes back with it', async () => {
  const run = await temporaryFolder();
  const plain = checkpoint(8);
  const averaged = { ...plain, state: { ...plain.state, ema: { weights: vector(9, 100), running: vector(10, 5) } } };
  await saveCheckpoint(run, averaged);
  expect((await loadNewestCheckpoint(run)).checkpoint).toEqual(averaged);
});

test('how adaptive augmentation stands, and whose moments they are, comes back with it', async () => {
  const run = await temporaryFolder();
  const plain = checkpoint(8);
  const optimizers = { generator: { kind: 'adam', since: 0 }, discriminator: { kind: 'sgd', since: 3 } };
  const state = { ...plain.state, optimizers };
  const adapted = { ...plain, state, adaptive: { probability: 0.1 + 0.2, signs: -0.375, steps: 3 } };
  await saveCheckpoint(run, adapted);
  expect((await loadNewestCheckpoint(run)).checkpoint).toEqual(adapted);
});

test.each([
  [1, 'which knew no average'],
  [2, 'which knew neither adaptive augmentation nor other optimisers'],
])('one of format %i, %s, is read', async (version) => {
  const { run, checkpoints } = await runWith(7);
  const path = join(checkpoints, '7', 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
  expect(manifest).toMatchObject({ version: 3 });
  await writeFile(path, JSON.stringify({ ...manifest, version }));
  expect(await loadNewestCheckpoint(run)).toEqual({ checkpoint: checkpoint(7), setAside: [] });
});

test('before the first there is none', async () => {
  const run = await temporaryFolder();
  expect(await loadNewestCheckpoint(run)).toEqual({ checkpoint: undefined, setAside: [] });
  expect(await newestCheckpointStep(run)).toBeUndefined();
});

test('the newest are kept', async () => {
  const { run, checkpoints } = await runWith(9, 10, 11, 100, 101);
  expect((await readdir(checkpoints)).toSorted()).toEqual(['100', '101', '11']);
  expect(limits.checkpointsKept).toBe(3);
  expect((await loadNewestCheckpoint(run)).checkpoint?.state.step).toBe(101);
});

test('a step saved again after a resume takes the place of the first save', async () => {
  const { run } = await runWith(5);
  await saveCheckpoint(run, { ...checkpoint(5), seconds: 99 });
  expect((await loadNewestCheckpoint(run)).checkpoint?.seconds).toBe(99);
});

const damages: readonly (readonly [string, (folder: string) => Promise<void>])[] = [
  ['state flipped', (folder) => flipByte(join(folder, 'state.safetensors'))],
  ['state truncated', (folder) => truncate(join(folder, 'state.safetensors'), 100)],
  ['state deleted', (folder) => rm(join(folder, 'state.safetensors'))],
  ['manifest truncated', (folder) => truncate(join(folder, 'manifest.json'), 40)],
  ['manifest emptied', (folder) => truncate(join(folder, 'manifest.json'), 0)],
  ['manifest deleted', (folder) => rm(join(folder, 'manifest.json'))],
  [
    'manifest of another step',
    async (folder) => {
      const path = join(folder, 'manifest.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"step": 20', '"step": 21'));
    },
  ],
];

test.each(damages)('%s: it is set aside and the one before is used', async (_, damage) => {
  const { run, checkpoints } = await runWith(10, 20);
  await damage(join(checkpoints, '20'));
  const loaded = await loadNewestCheckpoint(run);
  expect(loaded.checkpoint).toEqual(checkpoint(10));
  expect(loaded.setAside).toEqual([{ step: 20, problem: expect.any(String) }]);
  expect((await readdir(checkpoints)).toSorted()).toEqual(['10', 'damaged-20']);
  // Said once: the next start finds it gone, and the step can be saved anew.
  expect((await loadNewestCheckpoint(run)).setAside).toEqual([]);
  await saveCheckpoint(run, checkpoint(20));
  expect((await loadNewestCheckpoint(run)).checkpoint).toEqual(checkpoint(20));
});

test('a manifest with any one bit flipped gives the same checkpoint or the one before, never another', async () => {
  const { run, checkpoints } = await runWith(10, 20);
  const path = join(checkpoints, '20/manifest.json');
  const sound = await readFile(path);
  for (let at = 0; at < sound.length; at++) {
    const flipped = Buffer.from(sound);
    flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
    await writeFile(path, flipped);
    const { checkpoint: loaded } = await loadNewestCheckpoint(run, { readOnly: true });
    expect(loaded).toEqual(checkpoint(loaded?.state.step === 20 ? 20 : 10));
  }
});

test('when all are damaged that is an error, and all stay as they are', async () => {
  const { run, checkpoints } = await runWith(10, 20);
  for (const step of ['10', '20']) await flipByte(join(checkpoints, step, 'state.safetensors'));
  await expect(loadNewestCheckpoint(run)).rejects.toMatchObject({ code: 'checkpoint.none-sound', facts: { step: 20 } });
  expect((await readdir(checkpoints)).toSorted()).toEqual(['10', '20']);
});

test('a checkpoint of a later Ganvas is no damaged one', async () => {
  const { run, checkpoints } = await runWith(10, 20);
  const path = join(checkpoints, '20/manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...manifest, version: 1000 }));
  await expect(loadNewestCheckpoint(run)).rejects.toMatchObject({ code: 'project.newer' });
  expect((await readdir(checkpoints)).toSorted()).toEqual(['10', '20']);
});

test('a read-only look leaves a damaged one where it is', async () => {
  const { run, checkpoints } = await runWith(10, 20);
  await flipByte(join(checkpoints, '20/state.safetensors'));
  expect((await loadNewestCheckpoint(run, { readOnly: true })).checkpoint?.state.step).toBe(10);
  expect((await readdir(checkpoints)).toSorted()).toEqual(['10', '20']);
});

test('what a crash left half written is never read, and goes with the next save', async () => {
  const { run, checkpoints } = await runWith(10);
  await mkdir(join(checkpoints, 'half.tmp'));
  await writeFile(join(checkpoints, 'half.tmp/state.safetensors'), 'x');
  expect((await loadNewestCheckpoint(run)).checkpoint?.state.step).toBe(10);
  await saveCheckpoint(run, checkpoint(20));
  expect((await readdir(checkpoints)).toSorted()).toEqual(['10', '20']);
});

test('a save that fails says so and leaves the last one', async () => {
  const { run, checkpoints } = await runWith(10);
  await rm(checkpoints, { recursive: true });
  await writeFile(checkpoints, 'a file where the folder was');
  await expect(saveCheckpoint(run, checkpoint(20))).rejects.toMatchObject({ code: 'disk.failed' });
});

test('a run whose folder was moved away is not made anew at its old place', async () => {
  const { run } = await runWith(10);
  const moved = `${run}-moved`;
  await rename(run, moved);
  await expect(saveCheckpoint(run, checkpoint(20))).rejects.toThrow('its folder is no longer there');
  expect(await exists(run)).toBe(false);
  await rename(moved, run);
  await saveCheckpoint(run, checkpoint(20));
  expect((await loadNewestCheckpoint(run)).checkpoint?.state.step).toBe(20);
});
