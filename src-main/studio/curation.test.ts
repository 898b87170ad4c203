import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventMessage } from '#shared/contract/events';
import type { PictureFlag } from '#shared/contract/pictureFlags';
import type { CurationEdit } from '#shared/dataset/curation';
import type { PictureFilter } from '#shared/dataset/filter';
import { inView, marksOf } from '#shared/dataset/marks';
import { openTrainingPack } from '../store/dataset/trainingPack';
import { recordTrainedPictures } from '../store/runPictures';
import { createRun } from '../store/runs';
import { temporaryFolder } from '../store/testing/temporaryFolder';
import { createStudio, type Studio } from './studio';

let folder: string;
let studio: Studio;
let projectId: string;

const newStudio = () => createStudio({ home: join(folder, 'home'), host: 'web', version: '1' });
beforeEach(async () => {
  folder = await temporaryFolder();
  studio = newStudio();
  projectId = (await studio.call('projects.create', { name: 'Curated' }, 'client')).summary.id;
  await studio.call('datasets.import', { projectId, source: { kind: 'sample' }, size: 16 }, 'client');
});
afterEach(async () => {
  await studio.close();
  await rm(folder, { recursive: true, force: true });
});

const edit = (change: CurationEdit) => studio.call('curation.edit', { projectId, edit: change }, 'client');
const exclude = (indices: number[], excluded = true) =>
  edit({ kind: 'exclude', pictures: { kind: 'indices', indices }, excluded });
const detail = () => studio.call('projects.open', { projectId }, 'client');
async function overview(sort: 'added' | 'name' = 'added') {
  const { marks, order, ...rest } = await studio.call('curation.overview', { projectId, sort }, 'client');
  const words = (bytes: Uint8Array) => [...new Uint32Array(bytes.slice().buffer)];
  return { ...rest, marks: words(marks), order: order && words(order) };
}

describe('curation', () => {
  it('excludes, tells everybody, takes back and does again, also after a restart', async () => {
    const heard: EventMessage[] = [];
    studio.onEvent((message) => heard.push(message));
    const { count } = await overview();
    expect(await exclude([3, 5, 5])).toMatchObject({
      done: 'Excluded 2 pictures',
      curation: { excluded: 2, trained: count - 2 },
    });
    expect(heard).toMatchObject([{ event: 'curation.changed', data: { projectId, curation: { excluded: 2 } } }]);
    const { marks } = await overview();
    expect(marks.flatMap((bits, picture) => (inView('excluded', bits) ? picture : []))).toEqual([3, 5]);
    await studio.close();
    studio = newStudio();
    expect((await detail()).curation).toMatchObject({ excluded: 2, undo: 'Excluded 2 pictures', redo: undefined });
    const call = (method: 'curation.undo' | 'curation.redo') => studio.call(method, { projectId }, 'client');
    expect((await call('curation.undo')).curation).toMatchObject({
      excluded: 0,
      undo: undefined,
      redo: 'Excluded 2 pictures',
    });
    await expect(call('curation.undo')).rejects.toMatchObject({ code: 'curation.nothing-to-undo' });
    expect((await call('curation.redo')).curation).toMatchObject({ excluded: 2 });
    expect(await exclude([3])).toMatchObject({ done: undefined });
  });

  it('holds for pictures that are cleared and imported again', async () => {
    await exclude([0]);
    await studio.call('datasets.clear', { projectId }, 'client');
    expect((await detail()).curation).toMatchObject({ excluded: 0, trained: 0 });
    await studio.call('datasets.import', { projectId, source: { kind: 'sample' }, size: 32 }, 'client');
    expect((await detail()).curation).toMatchObject({ excluded: 1 });
  });

  it('knows pictures by name, content and view', async () => {
    const [first] = await studio.call('curation.describe', { projectId, indices: [0, 999_999] }, 'client');
    expect(first).toMatchObject({ index: 0, fit: { crop: 'centre' }, class: undefined, marks: [] });
    const named = await edit({ kind: 'exclude', pictures: { kind: 'names', globs: ['animal-*'] }, excluded: true });
    expect(named.curation.excluded).toBeGreaterThan(20);
    await edit({ kind: 'exclude', pictures: { kind: 'filter', filter: { view: 'excluded' } }, excluded: false });
    expect((await detail()).curation.excluded).toBe(0);
    await edit({ kind: 'exclude', pictures: { kind: 'ids', ids: [first?.id ?? ''] }, excluded: true });
    expect(marksOf((await overview()).marks[0] ?? 0)).toContain('excluded');
    const none = edit({ kind: 'exclude', pictures: { kind: 'names', globs: ['nothing'] }, excluded: true });
    await expect(none).rejects.toMatchObject({ code: 'dataset.none-selected' });
  });

  it('knows pictures by what the import noted and by their size', async () => {
    const { shorterSides, count } = await overview();
    const sides = [...new Uint16Array(shorterSides.slice().buffer)];
    expect(sides).toHaveLength(count);
    const statistics = (filter: PictureFilter) => studio.call('curation.statistics', { projectId, filter }, 'client');
    for (const [from, below] of [
      [64, 96],
      [96, undefined],
      [1, 64],
    ] as const) {
      const meant = sides.filter((side) => side >= from && side < (below ?? Infinity)).length;
      const side = { from, ...(below && { below }) };
      expect((await statistics({ view: 'all', side })).pictures).toBe(meant);
    }
    projectId = (await studio.call('projects.create', { name: 'Large' }, 'client')).summary.id;
    await studio.call('datasets.import', { projectId, source: { kind: 'sample' }, size: 128 }, 'client');
    const { dataset } = await detail();
    const flags = Object.entries(dataset?.report.flags ?? {}) as [PictureFlag, number][];
    expect(flags.length).toBeGreaterThan(0);
    for (const [flag, pictures] of flags) {
      expect((await statistics({ view: 'all', flag })).pictures).toBe(pictures);
      const filter: PictureFilter = { view: 'all', flag };
      const { curation } = await edit({ kind: 'exclude', pictures: { kind: 'filter', filter }, excluded: true });
      expect(curation.excluded).toBe(pictures);
      await studio.call('curation.undo', { projectId }, 'client');
    }
  });

  it('gives classes, renames and merges them, and weighs by them', async () => {
    await edit({ kind: 'assign', pictures: { kind: 'names', globs: ['animal-*'] }, class: 'animals' });
    await edit({ kind: 'assign', pictures: { kind: 'names', globs: ['face-*'] }, class: 'faces' });
    expect((await overview()).classes).toEqual(['animals', 'faces']);
    await edit({ kind: 'sampling', sampling: { balanced: true, weights: { animals: 2, faces: 0 } } });
    const { curation } = await detail();
    expect(curation.sampling).toEqual({ balanced: true, weights: { animals: 2, faces: 0 } });
    expect(curation.unweighted).toBeGreaterThan(20);
    await edit({ kind: 'rename', from: 'animals', to: 'faces' });
    expect((await overview()).classes).toEqual(['faces']);
    const unknown = edit({ kind: 'rename', from: 'plants', to: 'x' });
    await expect(unknown).rejects.toMatchObject({ code: 'dataset.class-unknown' });
  });

  it('holds a share out, and refuses to train on fewer pictures than a batch', async () => {
    const { curation } = await edit({ kind: 'split', split: { heldOut: 0.2, seed: 1 } });
    expect(curation.heldOut / (curation.heldOut + curation.trained)).toBeGreaterThan(0.12);
    expect(curation.heldOut / (curation.heldOut + curation.trained)).toBeLessThan(0.28);
    const of = await studio.call('curation.statistics', { projectId, filter: { view: 'held-out' } }, 'client');
    expect(of.pictures).toBe(curation.heldOut);
    await edit({ kind: 'exclude', pictures: { kind: 'filter', filter: { view: 'included' } }, excluded: true });
    const start = studio.call('training.start', { projectId }, 'client');
    await expect(start).rejects.toMatchObject({ code: expect.stringMatching(/too-few|dataset-changed/) });
  });

  describe('the size and the channels of all pictures', () => {
    const recipe = async () => {
      const { recipe: of, dataset } = await detail();
      return [of.preset, of.image, dataset && { size: dataset.size, channels: dataset.channels }];
    };
    const undo = () => studio.call('curation.undo', { projectId }, 'client');

    it('change, with the recipe that nobody edited, and back', async () => {
      const heard: EventMessage[] = [];
      studio.onEvent((message) => heard.push(message));
      const before = await recipe();
      const { dataset } = await detail();
      const grey = { size: 32, channels: 1 } as const;
      const done = 'Made all pictures 32 × 32, grey';
      expect(await edit({ kind: 'format', ...grey })).toMatchObject({ done, curation: { undo: done } });
      expect(await recipe()).toEqual(['studio-32', grey, grey]);
      expect(heard.map(({ event }) => event)).toEqual(
        expect.arrayContaining(['job.progress', 'project.changed', 'curation.changed']),
      );
      expect(await edit({ kind: 'format', ...grey })).toMatchObject({ done: undefined, missing: { count: 0 } });
      await studio.close();
      studio = newStudio();
      expect(await undo()).toMatchObject({ done, curation: { redo: done } });
      expect(await recipe()).toEqual(before);
      expect((await detail()).dataset?.hash).toBe(dataset?.hash);
      await studio.call('curation.redo', { projectId }, 'client');
      expect(await recipe()).toEqual(['studio-32', grey, grey]);
      await undo();
    });

    it('change together with the crop of all, and go back together', async () => {
      const fit = { crop: 'letterbox', background: '#000000' } as const;
      await edit({ kind: 'format', size: 24, channels: 3, fit });
      expect((await detail()).dataset).toMatchObject({ size: 24, channels: 3, fit });
      await undo();
      expect((await detail()).dataset).toMatchObject({ size: 16, fit: { crop: 'centre', background: '#ffffff' } });
    });

    it('leave an edited recipe and its run alone; what no longer fits is refused in words', async () => {
      const { recipe: proposed } = await detail();
      const edited = { ...proposed, training: { ...proposed.training, steps: 77 } };
      await studio.call('recipe.set', { projectId, recipe: edited }, 'client');
      await edit({ kind: 'format', size: 24, channels: 3 });
      expect((await detail()).recipe).toEqual(edited);
      const start = studio.call('training.start', { projectId }, 'client');
      await expect(start).rejects.toMatchObject({
        code: 'training.dataset-changed',
        message: 'The pictures are 24×24 in colour, the networks expect 16×16 in colour.',
      });
    });

    it('are seen before they change', async () => {
      const fit = { crop: 'centre', background: '#ffffff' } as const;
      const preview = (format: { size?: number; channels?: 1 | 3 }) =>
        studio.call('curation.fitPreview', { projectId, index: 4, fit, ...format }, 'client');
      expect((await preview({})).result).toMatchObject({ width: 16, channels: 3 });
      const { result } = await preview({ size: 48, channels: 1 });
      await edit({ kind: 'format', size: 48, channels: 1 });
      const thumbnails = await studio.call('curation.thumbnails', { projectId, indices: [4] }, 'client');
      expect(thumbnails).toEqual(result);
    });
  });

  it('hands out the pictures that are trained on, counted by themselves', async () => {
    await exclude([0, 2]);
    const thumbnails = (of: 'all' | 'trained', from: number, count: number) =>
      studio.call('datasets.thumbnails', { projectId, of, from, count }, 'client');
    const { curation, recipe } = await detail();
    const [trained, all] = [await thumbnails('trained', 0, 2), await thumbnails('all', 0, 4)];
    const each = 16 * 16 * 3;
    expect(trained.count).toBe(2);
    expect(trained.pixels.slice(0, each)).toEqual(all.pixels.slice(each, 2 * each));
    expect(trained.pixels.slice(each)).toEqual(all.pixels.slice(3 * each));
    expect((await thumbnails('trained', curation.trained - 1, 10)).count).toBe(1);
    // Networks that look at classes read those alone that have one.
    await edit({ kind: 'assign', pictures: { kind: 'indices', indices: [0, 5, 6] }, class: 'cats' });
    await studio.call('recipe.set', { projectId, recipe: { ...recipe, classes: ['cats'] } }, 'client');
    expect((await thumbnails('trained', 0, 10)).count).toBe(2);
  });

  it('names the set that is trained on alike before and after a restart, and as the runs on disk do', async () => {
    const whole = (await detail()).curation.hash;
    expect(whole).toBe((await detail()).dataset?.hash);
    const seen = new Set([whole]);
    const changes: CurationEdit[] = [
      { kind: 'assign', pictures: { kind: 'indices', indices: [1, 2] }, class: 'cats' },
      { kind: 'sampling', sampling: { balanced: true, weights: {} } },
      { kind: 'exclude', pictures: { kind: 'indices', indices: [7] }, excluded: true },
      { kind: 'split', split: { heldOut: 0.2, seed: 1 } },
    ];
    for (const change of changes) {
      const { curation } = await edit(change);
      expect(seen).not.toContain(curation.hash);
      seen.add(curation.hash);
      await studio.close();
      studio = newStudio();
      expect((await detail()).curation.hash).toBe(curation.hash);
    }
    const { summary, recipe, curation, run } = await detail();
    expect(run.trainedOn).toBeUndefined();
    const pack = await openTrainingPack({ dir: summary.path });
    await pack.close();
    const { dir } = await createRun({ dir: summary.path }, { recipe, seed: 1, untuned: false });
    const session = { fromStep: 0, hash: pack.hash, trained: pack.count, ...pack.left };
    await recordTrainedPictures(dir, session, pack.ids);
    await studio.close();
    studio = newStudio();
    const { trainedOn } = (await detail()).run;
    expect(trainedOn).toEqual({ hash: curation.hash, count: curation.trained });
    expect((await studio.call('curation.undo', { projectId }, 'client')).curation.hash).not.toBe(trainedOn?.hash);
  });

  it('orders by name as people count, and hands out the pictures that are asked for', async () => {
    const { order = [], count } = await overview('name');
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, picture) => picture));
    const pictures = await studio.call('curation.thumbnails', { projectId, indices: [2, 0, 10 ** 9] }, 'client');
    const pack = await studio.call('datasets.thumbnails', { projectId, from: 0, count: 3 }, 'client');
    const each = 16 * 16 * 3;
    expect(pictures.count).toBe(2);
    expect(pictures.pixels.slice(0, each)).toEqual(pack.pixels.slice(2 * each));
    expect(pictures.pixels.slice(each)).toEqual(pack.pixels.slice(0, each));
  });
});
