import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { limits } from '#shared/contract/limits';
import { temporaryFolder } from '../testing/temporaryFolder';
import { readCuration, writeCuration, type Change } from './curationFile';
import { applyPatch, emptyCuration, type Patch } from './curationState';

const id = (number: number) => number.toString(16).padStart(64, '0');

it('comes back from the disk as it was written, with its history', async () => {
  const project = { dir: await temporaryFolder() };
  expect(await readCuration(project)).toEqual({ revision: 0, curation: emptyCuration, undo: [], redo: [] });
  const patch: Patch = {
    excluded: [[id(1), true]],
    classes: [[id(2), '<img src=x>']],
    classNames: [['old', 'new']],
    fits: [[id(3), { crop: 'centre', background: '#ffffff', region: { left: 0, top: 0, width: 0.5, height: 1 } }]],
    weights: [['__proto__', 2]],
    settings: [
      ['split', { heldOut: 0.2, seed: 4 }],
      ['balanced', true],
    ],
  };
  const done = applyPatch(emptyCuration, patch);
  if (!done) throw new Error('nothing changed');
  const written = await writeCuration(project, {
    revision: 1,
    curation: done.curation,
    undo: [
      { label: 'All at once', patch: done.inverse },
      { label: 'Made all pictures 64 × 64, grey', patch: {}, format: { size: 32, channels: 3 } },
    ],
    redo: [],
  });
  expect(await readCuration(project)).toEqual(written);
});

it('reads what older programs wrote', async () => {
  const project = { dir: await temporaryFolder() };
  const undo = [{ label: 'Excluded 1 picture', patch: { excluded: [[id(1), null]] } }];
  const empty = { kept: [], classes: [], classNames: [], fits: [], weights: [], settings: [], redo: [] };
  const file = { version: 1, revision: 1, excluded: [id(1)], undo, ...empty };
  await writeFile(join(project.dir, 'curation.json'), JSON.stringify(file));
  expect(await readCuration(project)).toMatchObject({
    revision: 1,
    undo,
    curation: { excluded: new Map([[id(1), true]]) },
  });
});

it('keeps the newest changes that its caps allow', async () => {
  const project = { dir: await temporaryFolder() };
  const change = (label: number, pictures: number): Change => ({
    label: String(label),
    patch: { excluded: Array.from({ length: pictures }, (_, picture) => [id(picture), null] as const) },
  });
  const many = Array.from({ length: limits.curationHistory + 5 }, (_, number) => change(number, 1));
  const record = { revision: 1, curation: emptyCuration, redo: [] };
  const { undo } = await writeCuration(project, { ...record, undo: many });
  expect([undo.length, undo[0]?.label]).toEqual([limits.curationHistory, '5']);
  const large = Math.floor(limits.curationHistoryPictures / 2);
  const kept = await writeCuration(project, { ...record, undo: [change(1, large), change(2, large), change(3, 1)] });
  expect(kept.undo.map(({ label }) => label)).toEqual(['2', '3']);
});

it('refuses a damaged file in words, and leaves it', async () => {
  const project = { dir: await temporaryFolder() };
  await writeCuration(project, { revision: 1, curation: emptyCuration, undo: [], redo: [] });
  const file = join(project.dir, 'curation.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"revision": 1', '"revision": -1'));
  await expect(readCuration(project)).rejects.toMatchObject({ code: 'project.unreadable' });
  await writeFile(file, text.replace('"version": 2', '"version": 9'));
  await expect(readCuration(project)).rejects.toMatchObject({ code: 'project.newer' });
});
