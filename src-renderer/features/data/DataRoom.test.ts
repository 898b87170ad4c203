import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { fail } from '#shared/contract/errors';
import {
  FakeClient,
  studioContext,
  testDataset,
  testPictures,
  testProject,
  testRun,
  type Answers,
} from '../../app/fakeClient';
import { Studio } from '../../app/studio.svelte';
import DataRoom from './DataRoom.svelte';
import { groupSkipped } from './words';

function openRoom(project = testProject(), answers: Answers = {}) {
  const client = new FakeClient({ 'datasets.thumbnails': ({ count }) => testPictures(count), ...answers });
  const studio = new Studio(client);
  studio.takeProject(project);
  render(DataRoom, { context: studioContext(studio) });
  return { client, studio };
}

describe('the Data room', () => {
  it('is empty before there are pictures, and offers to bring some', () => {
    openRoom(testProject({ dataset: undefined }));
    expect(screen.getByRole('heading', { name: 'No pictures yet' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Choose a folder' })).toBeTruthy();
  });

  it('says in one sentence what came and what is proposed, and starts training by one button', async () => {
    const { client, studio } = openRoom(testProject(), {
      'training.start': () => testRun({ run: { state: 'training' } }),
    });
    expect(screen.getByText(/^328 pictures, 32 × 32, colour\. Proposed: DCGAN 32×32/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Train' }));
    expect(studio.room).toBe('train');
    await expect.poll(() => client.paramsOf('training.start').length).toBe(1);
  });

  it('after a run leads to Train, which asks whether to go on or to begin anew', async () => {
    const run = testRun({ runId: 'run-1', run: { state: 'stopped', reason: 'user' }, step: 900 });
    const { client, studio } = openRoom(testProject({ run }));
    await fireEvent.click(screen.getByRole('button', { name: 'Train' }));
    expect(studio.room).toBe('train');
    expect(client.paramsOf('training.start')).toEqual([]);
  });

  it('clears with undo', async () => {
    const { studio } = openRoom(testProject(), {
      'datasets.clear': () => testProject({ dataset: undefined }),
      'datasets.undoClear': () => testProject(),
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(await screen.findByRole('heading', { name: 'No pictures yet' })).toBeTruthy();
    await studio.messages.undo();
    expect(await screen.findByRole('region', { name: '328 training pictures' })).toBeTruthy();
  });

  it('does not clear the pictures of a run that goes on', async () => {
    const { client } = openRoom(testProject({ run: testRun({ run: { state: 'training' } }) }));
    await fireEvent.click(screen.getByRole('button', { name: /^Clear/ }));
    expect(client.paramsOf('datasets.clear')).toEqual([]);
  });

  it('shows why an import failed, in place, until it is dismissed', async () => {
    const { studio } = openRoom(testProject({ dataset: undefined }), {
      'datasets.import': () => fail('dataset.no-pictures', { files: 3 }),
    });
    await studio.imports.sample();
    expect((await screen.findByRole('alert')).textContent).toContain('None of the 3 files');
    await fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('shows progress with time left and a way to cancel', async () => {
    const { client, studio } = openRoom(testProject({ dataset: undefined }), {
      'datasets.import': () => new Promise(() => {}),
      'jobs.cancel': () => ({ cancelled: true }),
    });
    void studio.imports.sample();
    await screen.findByText('Looking at the pictures');
    const { current } = studio.imports;
    if (current.state !== 'importing') throw new Error(`is ${current.state}`);
    const data = { jobId: current.job.id, label: 'Decoding', done: 40, total: 328, secondsLeft: 12 };
    client.tell({ event: 'job.progress', data });
    expect(await screen.findByText('40 of 328 pictures · about 10 s left')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(client.paramsOf('jobs.cancel')).toEqual([{ jobId: current.job.id }]);
  });
});

describe('the import report', () => {
  it('groups files that were not taken by reason, the most frequent first, each with a word of advice', () => {
    const groups = groupSkipped([
      { file: 'a.txt', code: 'not-a-picture' },
      { file: 'b.jpg', code: 'corrupt' },
      { file: 'c.jpg', code: 'corrupt' },
    ]);
    expect(groups.map(({ title, files }) => [title, files.map(({ file }) => file)])).toEqual([
      ['Damaged', ['b.jpg', 'c.jpg']],
      ['Not pictures', ['a.txt']],
    ]);
    expect(groups.every(({ advice }) => advice.length > 0)).toBe(true);
  });

  it('shows a hostile file name as text', async () => {
    const file = '<img src=x onerror=alert(1)>.png';
    const dataset = testDataset({ skippedCount: 1, skipped: [{ file, code: 'corrupt' }] });
    Object.assign(window, { innerWidth: 1440 });
    openRoom(testProject({ dataset }));
    expect(screen.getByText(file)).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
  });

  it('makes way when the window becomes too narrow to stand beside the pictures', async () => {
    Object.assign(window, { innerWidth: 1440 });
    openRoom(testProject({ dataset: testDataset() }));
    expect(screen.getByRole('heading', { name: 'Import report' })).toBeTruthy();
    Object.assign(window, { innerWidth: 1024 });
    await fireEvent(window, new Event('resize'));
    expect(screen.queryByRole('heading', { name: 'Import report' })).toBeNull();
  });
});
