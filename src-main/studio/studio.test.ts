import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventMessage, LiveImportReport } from '#shared/contract/events';
import { createStudio, type Studio } from './studio';

/** Projects, pictures and recipes; what needs the workers is in tests/integration/studio.test.ts. */
let folder: string;
let studio: Studio;
const open: Studio[] = [];

function newStudio(): Studio {
  const made = createStudio({ home: join(folder, 'home'), host: 'web', version: '1.2.3' });
  open.push(made);
  return made;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-'));
  studio = newStudio();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()));
  await rm(folder, { recursive: true });
});

const create = async (name: string, preset?: string) =>
  studio.call('projects.create', { name, ...(preset && { preset }) }, 'client');
const importSample = (projectId: string, size?: number) =>
  studio.call('datasets.import', { projectId, source: { kind: 'sample' }, size }, 'client');

describe('projects', () => {
  it('are made in folders of their own, also two of one name, and remembered', async () => {
    const [one, two] = [await create('Faces'), await create('Faces')];
    expect(one.summary.path).toBe(join(folder, 'home', 'projects', 'faces'));
    expect(two.summary.path).toBe(join(folder, 'home', 'projects', 'faces-2'));
    const recent = await studio.call('projects.recent', {}, 'client');
    expect(recent.map(({ id }) => id)).toEqual([two.summary.id, one.summary.id]);
    expect(recent.map(({ run }) => run)).toEqual([{ state: 'none' }, { state: 'none' }]);
    const left = await studio.call('projects.forget', { projectId: two.summary.id }, 'client');
    expect(left.map(({ id }) => id)).toEqual([one.summary.id]);
    await studio.call('projects.open', { projectId: two.summary.id }, 'client');
    expect(await studio.call('projects.recent', {}, 'client')).toHaveLength(2);
  });

  it('are renamed for everybody', async () => {
    const { summary } = await create('Before');
    const heard: EventMessage[] = [];
    studio.onEvent((message) => heard.push(message));
    await studio.call('projects.rename', { projectId: summary.id, name: 'After' }, 'client');
    expect(heard).toMatchObject([{ event: 'project.changed', data: { project: { summary: { name: 'After' } } } }]);
    expect(await studio.call('projects.recent', {}, 'client')).toMatchObject([{ name: 'After' }]);
  });

  it('are found by id after a restart, and gone ones are not listed', async () => {
    const [kept, lost] = [await create('Kept'), await create('Lost')];
    await studio.close();
    await rm(lost.summary.path, { recursive: true });
    studio = newStudio();
    expect((await studio.call('training.status', { projectId: kept.summary.id }, 'client')).run.state).toBe('none');
    expect(await studio.call('projects.recent', {}, 'client')).toMatchObject([
      { name: 'Kept', run: { state: 'none' } },
    ]);
    await studio.close();
    studio = newStudio();
    // Taken off the list without having been opened, it is found by the studio that took it off.
    expect(await studio.call('projects.forget', { projectId: kept.summary.id }, 'client')).toEqual([]);
    await studio.call('projects.open', { projectId: kept.summary.id }, 'client');
    expect(await studio.call('projects.recent', {}, 'client')).toHaveLength(1);
    const unknown = studio.call('projects.open', { projectId: '11111111-1111-4111-8111-111111111111' }, 'client');
    await expect(unknown).rejects.toMatchObject({ code: 'project.unknown' });
  });

  it('open read-only where another studio has them, and for writing once that one is closed', async () => {
    const { summary, recipe } = await create('Shared');
    const second = newStudio();
    const params = { projectId: summary.id };
    expect(await second.call('projects.open', params, 'client')).toMatchObject({ readOnly: true });
    const change = { ...params, recipe };
    await expect(second.call('recipe.set', change, 'client')).rejects.toMatchObject({ code: 'project.locked' });
    await expect(second.call('training.start', params, 'client')).rejects.toMatchObject({ code: 'project.locked' });
    await studio.close();
    expect(await second.call('recipe.set', change, 'client')).toMatchObject({ readOnly: false });
  });

  it('are the same when they are opened twice at once', async () => {
    const { summary } = await create('Twice');
    const second = createStudio({ home: join(folder, 'other'), host: 'web', version: '1' });
    open.push(second);
    await studio.close();
    const path = { path: summary.path };
    const both = await Promise.all([1, 2].map(() => second.call('projects.openAt', path, 'host')));
    expect(both.map(({ readOnly }) => readOnly)).toEqual([false, false]);
  });
});

describe('importing', () => {
  it('proposes the recipe that suits the pictures', async () => {
    const { summary } = await create('Untouched');
    const { dataset, recipe } = await importSample(summary.id);
    expect(dataset).toMatchObject({ size: 64, channels: 3 });
    expect(recipe.preset).toBe('studio-64');
    expect((await studio.call('projects.open', { projectId: summary.id }, 'client')).recipe).toEqual(recipe);
  });

  it('keeps to the preset that was asked for', async () => {
    const { summary } = await create('Chosen', 'dcgan-32');
    const { dataset, recipe } = await importSample(summary.id);
    expect(dataset.size).toBe(32);
    expect(recipe.preset).toBe('dcgan-32');
  });

  it('keeps to the family of the preset where size or colour differ', async () => {
    const { summary } = await create('Family', 'studio-32');
    const source = { kind: 'sample' } as const;
    const grey = { projectId: summary.id, source, channels: 1 } as const;
    const { recipe } = await studio.call('datasets.import', grey, 'client');
    expect(recipe).toMatchObject({ preset: 'studio-32', image: { size: 32, channels: 1 }, loss: { kind: 'hinge' } });
  });

  it('never replaces a recipe that the user edited', async () => {
    const { summary, recipe } = await create('Edited');
    const edited = { ...recipe, latent: { ...recipe.latent, size: 64 } };
    await studio.call('recipe.set', { projectId: summary.id, recipe: edited }, 'client');
    expect((await importSample(summary.id, 48)).recipe).toEqual(edited);
    const start = studio.call('training.start', { projectId: summary.id }, 'client');
    await expect(start).rejects.toMatchObject({ code: 'training.dataset-changed' });
  });

  it('is undone and done again by clearing and its undo', async () => {
    const { summary } = await create('Cleared');
    const { dataset } = await importSample(summary.id, 16);
    const projectId = summary.id;
    expect((await studio.call('datasets.clear', { projectId }, 'client')).dataset).toBeUndefined();
    const thumbnails = { projectId, from: 0, count: 4 };
    await expect(studio.call('datasets.thumbnails', thumbnails, 'client')).rejects.toMatchObject({
      code: 'dataset.empty',
    });
    expect((await studio.call('datasets.undoClear', { projectId }, 'client')).dataset).toEqual(dataset);
    expect(await studio.call('datasets.thumbnails', thumbnails, 'client')).toMatchObject({ count: 4, width: 16 });
  });

  it('tells what it meets while it goes on, and the whole of it in the end', async () => {
    const { summary } = await create('Reported');
    const jobId = '22222222-2222-4222-8222-222222222222';
    const told: LiveImportReport[] = [];
    studio.onEvent((message) => {
      if (message.event === 'import.report') told.push(message.data);
    });
    const pictures = join(folder, 'pictures');
    await mkdir(pictures);
    await writeFile(join(pictures, 'notes.txt'), 'no picture');
    const picture = sharp({ create: { width: 20, height: 20, channels: 3, background: 'red' } });
    await picture.toFile(join(pictures, 'red.png'));
    const paths = { paths: [pictures] };
    const { sourceId } = await studio.call('datasets.offer', paths, 'host');
    const source = { kind: 'offered', sourceId };
    await studio.call('datasets.import', { projectId: summary.id, source, size: 16, jobId }, 'client');
    expect(told.at(-1)).toEqual({
      jobId,
      added: 1,
      duplicates: 0,
      skippedCount: 1,
      byCode: { 'not-a-picture': 1 },
      newest: [{ file: 'pictures/notes.txt', codes: ['not-a-picture'] }],
    });
  });

  it('streams its progress and obeys a cancel, which leaves the pictures as they were', async () => {
    const { summary } = await create('Cancelled');
    const jobId = '22222222-2222-4222-8222-222222222222';
    studio.onEvent((message) => {
      if (message.event === 'job.progress') void studio.call('jobs.cancel', { jobId: message.data.jobId }, 'client');
    });
    const source = { kind: 'sample' };
    const work = studio.call('datasets.import', { projectId: summary.id, source, size: 16, jobId }, 'client');
    await expect(work).rejects.toMatchObject({ code: 'job.cancelled' });
    const after = await studio.call('projects.open', { projectId: summary.id }, 'client');
    expect(after).toMatchObject({ dataset: undefined, unfinished: undefined });
  });

  it('is done when it is cancelled amid making crops anew, which wait', async () => {
    const { summary } = await create('Cropped');
    const params = { projectId: summary.id };
    const { dataset } = await importSample(summary.id, 16);
    const pictures = { kind: 'filter', filter: { view: 'all' } };
    const edit = { kind: 'fit', pictures, fit: { crop: 'stretch', background: '#000000' } };
    await studio.call('curation.edit', { ...params, edit }, 'client');
    await studio.call('datasets.clear', params, 'client');
    const labels = new Set<string>();
    studio.onEvent(({ event, data }) => {
      if (event !== 'job.progress') return;
      labels.add(data.label);
      if (data.label === 'Reading the files again') void studio.call('jobs.cancel', { jobId: data.jobId }, 'client');
    });
    const again = await importSample(summary.id, 16);
    expect([...labels]).toContain('Reading the files again');
    expect(again.dataset.images).toBe(dataset.images);
    const { dataset: shown } = await studio.call('projects.open', params, 'client');
    expect(shown).toEqual(again.dataset);
  });

  it('that the program’s end cuts off is told at the next start, until it is done', async () => {
    const { summary } = await create('Closed amid it');
    const params = { projectId: summary.id };
    let closing: Promise<void> | undefined;
    studio.onEvent(({ event, data }) => {
      if (event === 'job.progress' && data.label === 'Reading pictures') closing ??= studio.close();
    });
    await expect(importSample(summary.id, 16)).rejects.toMatchObject({ code: 'program.closing' });
    await closing;
    studio = newStudio();
    const { unfinished, dataset } = await studio.call('projects.open', params, 'client');
    expect([unfinished?.count, dataset]).toEqual([1, undefined]);
    await importSample(summary.id, 16);
    expect((await studio.call('projects.open', params, 'client')).unfinished).toBeUndefined();
  });
});

it('tells what it is', async () => {
  expect(await studio.call('app.info', {}, 'client')).toMatchObject({ version: '1.2.3', host: 'web' });
  expect(await studio.call('app.samplePreview', { count: 5 }, 'client')).toMatchObject({ count: 5 });
});

it('names what is missing before a first run', async () => {
  const { summary } = await create('New');
  const projectId = summary.id;
  const codes = async (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      ({ code }: { code: string }) => code,
    );
  const points = [{ kind: 'seed', seed: 1 }];
  expect(await codes(studio.call('training.start', { projectId }, 'client'))).toBe('dataset.empty');
  expect(await codes(studio.call('training.pause', { projectId }, 'client'))).toBe('training.not-running');
  expect(await codes(studio.call('latent.render', { projectId, points }, 'client'))).toBe('training.no-checkpoint');
  expect(await studio.call('training.history', { projectId }, 'client')).toEqual({ runId: undefined, reports: [] });
  expect(await studio.call('training.sampleSteps', { projectId }, 'client')).toEqual([]);
});
