import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { isHeldOut } from '#shared/dataset/curation';
import { withClasses } from '#shared/recipe/conditional';
import { proposeRecipe } from '#shared/recipe/presets';
import type { Recipe } from '#shared/recipe/recipe';
import { writeCuration } from '../store/dataset/curationFile';
import { applyPatch, emptyCuration, type Patch } from '../store/dataset/curationState';
import { readCurationSummary } from '../store/dataset/curationSummary';
import { importPictures } from '../store/dataset/import';
import { readDatasetSummary } from '../store/dataset/manifest';
import { digestAt } from '../store/dataset/records';
import { openRecords } from '../store/dataset/shardRecords';
import { inThread } from '../store/decode/pictureWorkers';
import { createRun } from '../store/runs';
import { temporaryFolder } from '../store/testing/temporaryFolder';
import { BatchSource } from './batches';
import { openRun } from './openRun';
import type { RunOrder, TrainerEvent } from './protocol';

const COUNT = 48;
/** Grey levels so far apart that each picture is known by its first pixel. */
const STEP = 5;
const split = { heldOut: 0.3, seed: 7 };

/** Flat grey pictures in two classes, of which a share is held out and one is excluded. */
async function curated(patch: Patch, size: number) {
  const dir = await temporaryFolder();
  for (const name of ['a', 'b']) await mkdir(join(dir, 'grey', name), { recursive: true });
  for (let number = 0; number < COUNT; number++) {
    const level = STEP * number;
    const picture = sharp({
      create: { width: 20, height: 20, channels: 3, background: { r: level, g: level, b: level } },
    });
    const file = `${String(number).padStart(2, '0')}.png`;
    await writeFile(join(dir, 'grey', number < 32 ? 'a' : 'b', file), await picture.png().toBuffer());
  }
  await importPictures({ dir }, [{ kind: 'path', path: join(dir, 'grey') }], { size, channels: 1 }, inThread);
  const records = await openRecords({ dir });
  const ids = Array.from({ length: COUNT }, (_, picture) => digestAt(records, picture));
  const all: Patch = {
    ...patch,
    excluded: [[ids[5] ?? '', true]],
    settings: [['split', split], ...(patch.settings ?? [])],
  };
  const { curation } = applyPatch(emptyCuration, all) ?? { curation: emptyCuration };
  await writeCuration({ dir }, { revision: 1, curation, undo: [], redo: [] });
  return { dir, ids };
}

/** Numbers of all pictures that batches of 16 show, as a run reads them. */
async function shown(dir: string, recipe: Recipe): Promise<ReadonlySet<number>> {
  const run = await createRun({ dir }, { recipe, seed: 1 });
  const order = { projectDir: dir, runId: run.id, recipe, seed: 1 } as RunOrder;
  const { ports, close } = await openRun(order, () => undefined);
  const source = new BatchSource(ports.pictures, recipe, 1, 16);
  const numbers = new Set<number>();
  for (let batch = 0; batch < 100; batch++) {
    const { real } = source.after(batch * source.images);
    const each = real.length / source.images;
    for (let row = 0; row < source.images; row++) {
      numbers.add(Math.round(((((real[row * each] as number) + 1) / 2) * 255) / STEP));
    }
  }
  await close();
  return numbers;
}

const plain = proposeRecipe({ size: 16, channels: 1 }, 'studio');

test.each([
  ['as they are', {}, plain, 16],
  ['in classes that are balanced and weighed', { settings: [['balanced', true]], weights: [['b', 3]] }, plain, 16],
  ['to networks that look at classes', {}, withClasses(plain, ['a', 'b']), 16],
  ['made smaller', {}, plain, 32],
] as const)('pictures that are held out are in no batch, shown %s; all others are', async (_, patch, recipe, size) => {
  const { dir, ids } = await curated(patch, size);
  const heldOut = ids.flatMap((id, number) => (isHeldOut(id, split) ? number : []));
  expect(heldOut.length).toBeGreaterThan(5);
  const meant = ids.map((__, number) => number).filter((number) => number !== 5 && !heldOut.includes(number));
  expect([...(await shown(dir, recipe))].sort((a, b) => a - b)).toEqual(meant);
});

test('a run tells which pictures it is trained on, by the name that the curation has for them', async () => {
  const { dir } = await curated({ settings: [['balanced', true]] }, 16);
  const events: TrainerEvent[] = [];
  const run = await createRun({ dir }, { recipe: plain, seed: 1 });
  const order = { projectDir: dir, runId: run.id, recipe: plain, seed: 1 } as RunOrder;
  await (await openRun(order, (event) => events.push(event))).close();
  const { hash, trained } = await readCurationSummary({ dir }, await readDatasetSummary({ dir }));
  expect(events).toEqual([{ kind: 'pictures', pictures: { hash, count: trained } }]);
});
