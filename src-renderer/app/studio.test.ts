import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fail } from '#shared/contract/errors';
import type { LeftOut } from '#shared/dataset/leftOut';
import { FakeClient, PROJECT_ID, testCuration, testDataset, testProject, testRun, type Answers } from './fakeClient';
import { trainingReadiness } from './readiness';
import { importChoices, NEW_PROJECT } from './importChoices.svelte';
import { Studio } from './studio.svelte';
import { checkRecipe } from '#shared/recipe/check';

function open(answers: Answers = {}, project = testProject()) {
  const client = new FakeClient(answers);
  const studio = new Studio(client);
  studio.takeProject(project);
  return { client, studio };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the studio’s stores', () => {
  it('follow the run of the open project, and of no other', () => {
    const { client, studio } = open();
    client.tell({ event: 'training.status', data: testRun({ run: { state: 'training' }, step: 5 }) });
    expect(studio.run?.step).toBe(5);
    const report = {
      step: 9,
      images: 144,
      lossD: 1,
      lossG: 1,
      dReal: 0.5,
      dFake: 0.5,
      msPerStep: 1,
      imagesPerSecond: 1,
      seconds: 1,
    };
    client.tell({ event: 'training.report', data: { projectId: PROJECT_ID, runId: 'r', report } });
    expect(studio.run).toMatchObject({ step: 9, report, run: { state: 'training' } });
    client.tell({ event: 'training.status', data: testRun({ projectId: 'another', step: 77 }) });
    expect(studio.run?.step).toBe(9);
  });

  it('ask for everything again when the connection is back', async () => {
    const { client, studio } = open({
      'app.info': () => fail('connection.lost'),
      'projects.recent': () => [],
      'projects.open': () => testProject({ run: testRun({ step: 300 }) }),
    });
    studio.room = 'explore';
    client.connection({ state: 'retrying', attempt: 1 });
    expect(studio.connection.state).toBe('retrying');
    client.connection({ state: 'connected' });
    await vi.runAllTimersAsync();
    expect(studio.run?.step).toBe(300);
    expect(studio.room).toBe('explore');
  });

  it('pause and resume by the same key', async () => {
    const { client, studio } = open({
      'training.pause': () => testRun({ run: { state: 'paused' } }),
      'training.resume': () => testRun({ run: { state: 'training' } }),
    });
    await studio.training.toggle();
    expect(client.calls).toEqual([]);
    studio.takeRun(testRun({ run: { state: 'training' } }));
    await studio.training.toggle();
    expect(studio.run?.run.state).toBe('paused');
    await studio.training.toggle();
    expect(studio.run?.run.state).toBe('training');
  });
});

describe('changes of the pictures that were made before the page was loaded', () => {
  const label = 'Excluded 114 pictures';
  const changed = testCuration({ revision: 4, excluded: 114, undo: label });
  const answer = (change: Parameters<typeof testCuration>[0], done: string | undefined = label) => ({
    curation: testCuration(change),
    done,
    missing: { count: 0, files: [] },
  });

  it('are undone and done again', async () => {
    const { client, studio } = open(
      {
        'curation.undo': () => answer({ revision: 5, redo: label }),
        'curation.redo': () => answer({ revision: 6, excluded: 114, undo: label }),
      },
      testProject({ curation: changed }),
    );
    expect(studio.messages.undoable).toBe(label);
    await studio.messages.undo();
    expect(studio.project?.curation.excluded).toBe(0);
    expect([studio.messages.undoable, studio.messages.redoable]).toEqual([undefined, label]);
    await studio.messages.redo();
    expect(studio.project?.curation.excluded).toBe(114);
    expect(client.calls.map(({ method }) => method)).toEqual(['curation.undo', 'curation.redo']);
  });

  it('are done again where they were undone then', async () => {
    const { studio } = open(
      { 'curation.redo': () => answer({ revision: 6, excluded: 114, undo: label }) },
      testProject({ curation: testCuration({ revision: 5, redo: label }) }),
    );
    await studio.messages.redo();
    expect(studio.messages.undoable).toBe(label);
  });

  it('stay where they cannot be undone: files are gone, the pictures are cleared, or another Ganvas has them', async () => {
    const missing = { count: 1, files: [{ name: 'a.png', problem: 'missing' as const }] };
    const { studio } = open(
      { 'curation.undo': () => ({ curation: changed, done: undefined, missing }) },
      testProject({ curation: changed }),
    );
    await studio.messages.undo();
    expect(studio.messages.latest).toMatchObject({ error: { code: 'dataset.originals-missing' } });
    expect(studio.messages.undoable).toBe(label);
    for (const change of [{ dataset: undefined }, { readOnly: true }]) {
      studio.takeProject(testProject({ curation: changed, ...change }));
      expect(studio.messages.undoable).toBeUndefined();
    }
  });
});

describe('recipe edits', () => {
  const steps = (studio: Studio) => studio.recipe.draft?.training.steps;
  const setSteps = (studio: Studio, wanted: number) =>
    studio.recipe.edit('Set Steps', (recipe) => ({ ...recipe, training: { ...recipe.training, steps: wanted } }));

  it('show at once, are saved once, a moment after the last', async () => {
    const { client, studio } = open({ 'recipe.set': ({ recipe }) => testProject({ recipe }) });
    setSteps(studio, 10);
    setSteps(studio, 20);
    expect(steps(studio)).toBe(20);
    expect(client.calls).toEqual([]);
    await vi.runAllTimersAsync();
    expect(client.paramsOf('recipe.set').map(({ recipe }) => recipe.training.steps)).toEqual([20]);
  });

  it('are taken back one by one, and the taking back is saved too', async () => {
    const { client, studio } = open({ 'recipe.set': ({ recipe }) => testProject({ recipe }) });
    setSteps(studio, 10);
    setSteps(studio, 20);
    await studio.messages.undo();
    expect(steps(studio)).toBe(10);
    await studio.messages.undo();
    expect(steps(studio)).toBe(5000);
    await vi.runAllTimersAsync();
    expect(client.paramsOf('recipe.set').at(-1)?.recipe.training.steps).toBe(5000);
    await studio.messages.undo();
    expect(studio.messages.latest?.text).toBe('Nothing to undo');
  });

  it('wait while a run goes on, and so does taking them back', async () => {
    const { studio } = open();
    setSteps(studio, 10);
    studio.takeRun(testRun({ run: { state: 'training' } }));
    setSteps(studio, 20);
    await studio.messages.undo();
    expect(steps(studio)).toBe(10);
    studio.takeRun(testRun({ run: { state: 'stopped', reason: 'user' } }));
    await studio.messages.undo();
    expect(steps(studio)).toBe(5000);
  });

  it('are not overwritten by what the studio still holds', () => {
    const { client, studio } = open();
    setSteps(studio, 10);
    client.tell({ event: 'project.changed', data: { project: testProject() } });
    expect(steps(studio)).toBe(10);
  });

  it('stay on screen when they cannot be saved, and training waits for them', async () => {
    let full = true;
    const { client, studio } = open({
      'recipe.set': ({ recipe }) => (full ? fail('disk.full', { file: 'recipe.json' }) : testProject({ recipe })),
      'training.start': () => testRun({ run: { state: 'training' } }),
    });
    setSteps(studio, 10);
    await studio.training.start();
    expect(studio.messages.latest).toMatchObject({ tone: 'error', error: { code: 'disk.full' } });
    expect(client.paramsOf('training.start')).toEqual([]);
    expect(steps(studio)).toBe(10);
    full = false;
    await studio.training.start();
    expect(client.calls.map(({ method }) => method)).toEqual(['recipe.set', 'recipe.set', 'training.start']);
  });
});

describe('imports', () => {
  const result = () => ({
    dataset: testDataset(),
    proposal: { size: 32, channels: 3 as const },
    recipe: testProject().recipe,
  });
  const items = { folderName: 'bowls', files: [], entries: [] };

  it('make a project named after the folder where none is open, and land in Data', async () => {
    const client = new FakeClient({
      'projects.create': ({ name }) => testProject({ summary: { ...testProject().summary, name }, dataset: undefined }),
      'projects.open': () => testProject(),
      'datasets.import': result,
    });
    const studio = new Studio(client);
    studio.room = 'explore';
    await studio.imports.files(items);
    expect(client.paramsOf('projects.create')).toEqual([{ name: 'bowls' }]);
    expect(studio.room).toBe('data');
    expect(studio.project?.dataset?.images).toBe(328);
    expect(studio.imports.current.state).toBe('idle');
  });

  it('take what was chosen before there was a project into the new one, and no further', async () => {
    let made = 0;
    const projectOf = () => {
      const id = `22222222-2222-4222-8222-00000000000${made}`;
      return testProject({ summary: { ...testProject().summary, id }, dataset: undefined });
    };
    const create = () => ((made += 1), projectOf());
    const client = new FakeClient({
      'projects.create': create,
      'projects.open': projectOf,
      'projects.recent': () => [],
      'datasets.import': result,
    });
    const studio = new Studio(client);
    const choices = importChoices(NEW_PROJECT);
    [choices.size, choices.everyFrame] = [48, 2];
    await studio.imports.files(items);
    await studio.leave();
    await studio.imports.files(items);
    const sizes = client.paramsOf('datasets.import').map(({ size, everyFrame }) => [size, everyFrame]);
    expect(sizes).toEqual([
      [48, 2],
      [undefined, undefined],
    ]);
    expect(importChoices('22222222-2222-4222-8222-000000000001').size).toBe(48);
  });

  it('tell the studio what of the drop could not be handed over', async () => {
    const { client, studio } = open({ 'datasets.import': result });
    const leftOut: LeftOut = { count: 1, files: [{ file: 'a.png', code: 'unreadable', detail: 'It is gone.' }] };
    const offered = await client.offerFiles();
    vi.spyOn(client, 'offerFiles').mockResolvedValue({ ...offered, leftOut });
    await studio.imports.files(items);
    expect(client.paramsOf('datasets.import')).toMatchObject([{ leftOut }]);
  });

  it('keep videos of folders at hand, which the report names, and read others from the studio’s disk', async () => {
    const part = ({ count }: { readonly count: number }) => ({
      bytes: new Uint8Array([1, 2, 3].slice(0, count)),
      size: 2_000_000,
    });
    const { client, studio } = open({ 'datasets.import': result, 'datasets.videoPart': part });
    const video = { name: 'bowls/a.mp4', file: new File([], 'a.mp4') };
    vi.spyOn(client, 'offerFiles').mockResolvedValue({ ...(await client.offerFiles()), videos: [video] });
    await studio.imports.files(items);
    const of = (file: string, video?: number) =>
      studio.imports.videoOf(PROJECT_ID, 7, { file, code: 'video', ...(video !== undefined && { video }) });
    expect(of('bowls/a.mp4')).toEqual({ name: 'bowls/a.mp4', source: video.file });
    expect(of('bowls/b.mp4')).toBeUndefined();
    expect(of('bowls/b.avi', 12)).toBeUndefined();
    const read = of('bowls/b.mp4', 12)?.source;
    if (!read || read instanceof Blob) throw new Error('nothing to read from the disk');
    expect(await read.size()).toBe(2_000_000);
    expect(await read.read(10, 15)).toEqual(new Uint8Array([1, 2, 3, 1, 2]));
    expect(client.paramsOf('datasets.videoPart').map(({ from, count }) => [from, count])).toEqual([
      [0, 1],
      [10, 5],
      [13, 2],
    ]);
  });

  it('show progress of their own job alone, and can be cancelled', async () => {
    let refuse = (_: unknown) => {};
    const { client, studio } = open({
      'datasets.import': () => new Promise((_resolve, reject) => (refuse = reject)),
      'jobs.cancel': () => {
        try {
          return fail('job.cancelled');
        } catch (error) {
          refuse(error);
        }
        return { cancelled: true };
      },
    });
    const importing = studio.imports.sample();
    await vi.runAllTimersAsync();
    const { current } = studio.imports;
    if (current.state !== 'importing') throw new Error(`is ${current.state}`);
    const progress = { label: 'Decoding', done: 4, total: 8, secondsLeft: 1 };
    client.tell({ event: 'job.progress', data: { ...progress, jobId: 'another' } });
    expect(current.job.progress).toBeUndefined();
    client.tell({ event: 'job.progress', data: { ...progress, jobId: current.job.id } });
    expect(current.job.progress?.done).toBe(4);
    await current.job.cancel();
    await importing;
    expect(studio.imports.current.state).toBe('idle');
    expect(studio.messages.latest?.tone).toBe('note');
  });

  it('say what went wrong, in place', async () => {
    const { studio } = open({ 'datasets.import': () => fail('dataset.no-pictures', { files: 3 }) });
    await studio.imports.files(items);
    expect(studio.imports.current).toMatchObject({ state: 'failed', error: { code: 'dataset.no-pictures' } });
  });
});

describe('readiness to train', () => {
  const { recipe } = testProject();
  const because = (project: ReturnType<typeof testProject>, edited = recipe) => {
    const readiness = trainingReadiness(project, edited, checkRecipe(edited));
    return readiness.ready ? undefined : `${readiness.room}: ${readiness.reason}`;
  };

  it('needs pictures that can be shown at the networks’ size, a whole batch of them, and networks that fit', () => {
    expect(because(testProject())).toBeUndefined();
    expect(because(testProject({ dataset: undefined }))).toMatch(/^data: There are no pictures/);
    // A whole factor smaller is only a matter of means; anything else is not.
    expect(because(testProject({ dataset: testDataset({ size: 64 }) }))).toBeUndefined();
    expect(because(testProject({ dataset: testDataset({ size: 48 }) }))).toMatch(/^model: .*48 × 48.*32 × 32/);
    expect(because(testProject({ curation: testCuration({ trained: 3 }) }))).toMatch(/fewer than one batch/);
    expect(because(testProject(), { ...recipe, discriminator: [] })).toMatch(/^model: The discriminator does not fit/);
    expect(because(testProject({ readOnly: true }))).toMatch(/another Ganvas/);
  });
});
