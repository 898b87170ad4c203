import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Result } from '#shared/contract/api';
import { fail, GanvasError, toErrorData } from '#shared/contract/errors';
import type { ImportSummary, PictureDetail, ProjectDetail } from '#shared/contract/types';
import { bitsOf } from '#shared/contract/pictureFlags';
import { markBit } from '#shared/dataset/marks';
import {
  FakeClient,
  studioContext,
  testCuration,
  testDataset,
  testImport,
  testPictures,
  testProject,
  testRun,
  type Answers,
} from '../../app/fakeClient';
import { importChoices } from '../../app/importChoices.svelte';
import { Studio } from '../../app/studio.svelte';
import DataRoom from './DataRoom.svelte';
import { reportGroups } from './words';

/** Marks of 328 pictures: the first few have some. */
function overviewOf(marks: readonly number[] = [], classes: readonly string[] = []): Result<'curation.overview'> {
  const all = Uint32Array.from({ length: 328 }, (_, picture) => marks[picture] ?? 0);
  const numbers = Uint16Array.from({ length: 328 }, (_, picture) =>
    classes.length > 0 ? 1 + (picture % classes.length) : 0,
  );
  // Half of them 40 pixels, the others 600.
  const sides = Uint16Array.from({ length: 328 }, (_, picture) => (picture < 164 ? 40 : 600));
  return {
    revision: 0,
    count: 328,
    marks: new Uint8Array(all.buffer),
    classNumbers: new Uint8Array(numbers.buffer),
    shorterSides: new Uint8Array(sides.buffer),
    classes,
  };
}

function detailOf(index: number): PictureDetail {
  return {
    index,
    id: String(index).padStart(64, '0'),
    name: `pots/${index}.png`,
    width: 400,
    height: 300,
    bytes: 1234,
    frame: undefined,
    class: undefined,
    marks: [],
    fit: { crop: 'centre', background: '#ffffff' },
    mean: 120,
    deviation: 40,
  };
}

const outcome = (change = {}, done: string | undefined = 'Excluded 2 pictures') => ({
  curation: testCuration({ revision: 1, ...change }),
  done,
  missing: { count: 0, files: [] },
});

function openRoom(project = testProject(), answers: Answers = {}) {
  // As wide and high as a wall; jsdom lays nothing out.
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 1000 });
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 });
  const client = new FakeClient({
    'datasets.reports': () => [],
    'curation.overview': () => overviewOf(),
    'curation.thumbnails': ({ indices }) => testPictures(indices.length, 32),
    'curation.describe': ({ indices }) => indices.map(detailOf),
    ...answers,
  });
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
    expect(await screen.findByRole('listbox', { name: '328 pictures' })).toBeTruthy();
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
    // Nor is it told in the status line any more.
    expect(studio.messages.latest).toBeUndefined();
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

describe('how pictures are taken', () => {
  const imported = () => ({
    dataset: testDataset(),
    proposal: { size: 32, channels: 3 as const },
    recipe: testProject().recipe,
  });
  /** A project of its own: choices are kept by the project. */
  const projectOf = (change: Partial<ProjectDetail> = {}) => {
    const project = testProject(change);
    return { ...project, summary: { ...project.summary, id: crypto.randomUUID() } };
  };
  async function enter(label: string, value: string): Promise<void> {
    const input = screen.getByLabelText(label);
    await fireEvent.input(input, { target: { value } });
    await fireEvent.change(input);
    await fireEvent.blur(input);
  }

  it('is left to the studio unless something is chosen', async () => {
    const { client, studio } = openRoom(projectOf({ dataset: undefined }), { 'datasets.import': imported });
    expect(screen.getByText('How pictures are taken').closest('details')?.open).toBe(false);
    await studio.imports.sample();
    const [params] = client.paramsOf('datasets.import');
    expect(params).toMatchObject({ source: { kind: 'sample' } });
    for (const choice of ['size', 'channels', 'crop', 'background', 'everyFrame'] as const) {
      expect(params?.[choice]).toBeUndefined();
    }
  });

  it('is chosen before the first pictures come, and kept while the room is left', async () => {
    const project = projectOf({ dataset: undefined });
    const first = openRoom(project, { 'datasets.import': imported });
    await fireEvent.click(screen.getByText('How pictures are taken'));
    await fireEvent.click(screen.getByRole('radio', { name: 'Chosen' }));
    await enter('Pixels a side', '48');
    await fireEvent.click(screen.getByRole('radio', { name: 'Grey' }));
    await fireEvent.click(screen.getByRole('radio', { name: 'Whole, with bars' }));
    await enter('Background', '#00ff00');
    await enter('Every n-th frame of animations', '2');
    cleanup();
    render(DataRoom, { context: studioContext(first.studio) });
    expect(screen.getByText('How pictures are taken').closest('details')?.open).toBe(true);
    expect(screen.getByRole('radio', { name: 'Grey' }).getAttribute('aria-checked')).toBe('true');
    await first.studio.imports.sample();
    const chosen = { size: 48, channels: 1, crop: 'letterbox', background: '#00ff00', everyFrame: 2 };
    expect(first.client.paramsOf('datasets.import')).toMatchObject([chosen]);
  });

  it('is as it was for pictures that are added to others, but for animations', async () => {
    Object.assign(window, { innerWidth: 1440 });
    const project = projectOf({ dataset: testDataset({ everyFrame: 7 }) });
    const { client, studio } = openRoom(project, { 'datasets.import': imported });
    importChoices(project.summary.id).size = 64;
    expect(screen.queryByText('How pictures are taken')).toBeNull();
    expect(screen.getByLabelText<HTMLInputElement>('Every n-th frame of animations').value).toBe('7');
    await enter('Every n-th frame of animations', '3');
    await studio.imports.sample();
    const [params] = client.paramsOf('datasets.import');
    expect([params?.everyFrame, params?.size]).toEqual([3, undefined]);
  });
});

describe('the import report', () => {
  it('grows while the import goes on: counts, what to do, and the newest files as text', async () => {
    const { client, studio } = openRoom(testProject({ dataset: undefined }), {
      'datasets.import': () => new Promise(() => {}),
    });
    void studio.imports.sample();
    await screen.findByText('Looking at the pictures');
    const { current } = studio.imports;
    if (current.state !== 'importing') throw new Error(`is ${current.state}`);
    const counts = { added: 40, duplicates: 2, skippedCount: 3, byCode: { twice: 2, video: 1, corrupt: 2, turned: 9 } };
    const hostile = '<img src=x onerror=alert(1)>.png';
    const newest = [
      { file: hostile, codes: ['corrupt'] as const },
      { file: 'cats/2.png', codes: ['twice', 'class-conflict'] as const },
    ];
    client.tell({ event: 'import.report', data: { jobId: crypto.randomUUID(), ...counts, newest: [] } });
    expect(screen.queryByRole('region', { name: 'Report so far' })).toBeNull();
    client.tell({ event: 'import.report', data: { jobId: current.job.id, ...counts, newest } });
    expect(await screen.findByText('40 added · 2 there already · 3 not taken')).toBeTruthy();
    const live = screen.getByRole('region', { name: 'Report so far' });
    const titles = [...live.querySelectorAll('strong')].map(({ textContent }) => textContent);
    expect(titles).toEqual(['Damaged 2', 'Videos 1', 'Twice in this import 2', 'Turned upright 9']);
    expect(live.textContent).toContain('Save it again from its source.');
    expect(screen.getByText(hostile)).toBeTruthy();
    expect(screen.getByText('Twice in this import, In two classes at once')).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
  });

  it('groups files by what is said of them: what may be worth doing something about comes first, then the most frequent', () => {
    const groups = reportGroups({
      turned: 9,
      again: 70,
      corrupt: 2,
      twice: 8,
      'class-conflict': 1,
      'not-a-picture': 5,
    });
    expect(groups.map(({ title, files }) => [title, files])).toEqual([
      ['Not pictures', 5],
      ['Damaged', 2],
      ['In two classes at once', 1],
      ['Twice in this import', 8],
      ['Turned upright', 9],
      ['Imported before', 70],
    ]);
    expect(groups.every(({ advice }) => advice.length > 0)).toBe(true);
  });

  it('shows a hostile file name as text', async () => {
    const file = '<img src=x onerror=alert(1)>.png';
    Object.assign(window, { innerWidth: 1440 });
    openRoom(testProject(), {
      'datasets.reports': () => [testImport({ skippedCount: 1, byCode: { corrupt: 1 } })],
      'datasets.reportedFiles': () => ({ files: [{ file, code: 'corrupt' }], next: undefined, places: {} }),
    });
    expect(await screen.findByText(file)).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
  });

  it('shows files page by page, and older imports', async () => {
    Object.assign(window, { innerWidth: 1440 });
    const old = testImport({ import: 3, at: '2026-03-11T10:00:00Z', skippedCount: 72, byCode: { corrupt: 70 } });
    const { client } = openRoom(testProject(), {
      'datasets.reports': () => [testImport({ import: 4 }), old],
      'datasets.reportedFiles': ({ from, count }) => ({
        files: Array.from({ length: Math.min(count, 70 - from) }, (_, file) => ({
          file: `${from + file}.jpg`,
          code: 'corrupt' as const,
        })),
        next: from + count < 70 ? from + count : undefined,
        places: {},
      }),
    });
    expect(await screen.findByText('Every file was taken.')).toBeTruthy();
    await fireEvent.keyDown(await screen.findByRole('combobox', { name: /^Which import/ }), { key: 'Enter' });
    await fireEvent.pointerUp(await screen.findByRole('option', { name: /72 not taken/ }));
    expect(await screen.findByText('49.jpg')).toBeTruthy();
    expect(screen.getByText('2 more files could not be handed over; they are not named.')).toBeTruthy();
    expect(screen.queryByText('50.jpg')).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Show more (20 left)' }));
    expect(await screen.findByText('69.jpg')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Show more/ })).toBeNull();
    expect(client.paramsOf('datasets.reportedFiles')).toMatchObject([
      { import: 3, code: 'corrupt', from: 0 },
      { import: 3, code: 'corrupt', from: 50 },
    ]);
  });

  it('is there of a first import that failed, and says why', async () => {
    Object.assign(window, { innerWidth: 1440 });
    const error = toErrorData(new GanvasError('dataset.no-pictures', { files: 1 }));
    const failed = testImport({ outcome: 'failed', error, added: 0, skippedCount: 1, byCode: { empty: 1 } });
    let reports: readonly ImportSummary[] = [];
    const { studio } = openRoom(testProject({ dataset: undefined }), {
      'datasets.import': () => {
        reports = [failed];
        return fail('dataset.no-pictures', { files: 1 });
      },
      'datasets.reports': () => reports,
      'datasets.reportedFiles': () => ({ files: [{ file: 'a.png', code: 'empty' }], next: undefined, places: {} }),
    });
    await studio.imports.sample();
    expect(await screen.findByText('a.png')).toBeTruthy();
    expect(screen.getByText(/It failed\. The one file found is no picture/)).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'No pictures yet' })).toBeTruthy();
  });

  it('lists files that are the same picture under the one that stays, which can be left out, kept, or given the other class', async () => {
    Object.assign(window, { innerWidth: 1440 });
    const picture = { id: 'a'.repeat(64), name: 'cats/1.png' };
    const gone = { id: 'b'.repeat(64), name: 'cats/gone.png' };
    const conflict = { code: 'class-conflict', kept: 'cats', found: 'dogs' } as const;
    let marks: number[] = [];
    const { client } = openRoom(testProject(), {
      'curation.overview': () => overviewOf(marks, ['cats', 'dogs']),
      'curation.edit': () => {
        marks = [0, 0, markBit('excluded')];
        return outcome({ excluded: 1 }, 'Excluded 1 picture');
      },
      'datasets.reports': () => [testImport({ duplicates: 3, byCode: { twice: 3 } })],
      'datasets.reportedFiles': () => ({
        files: [
          { file: 'cats/copy.png', code: 'twice', picture },
          { file: 'cats/gone too.png', code: 'twice', picture: gone },
          { file: 'dogs/1.png', code: 'twice', picture, conflict },
        ],
        next: undefined,
        places: { [picture.id]: 2 },
      }),
    });
    const section = await screen.findByRole('region', { name: 'Twice in this import' });
    const names = () => [...section.querySelectorAll('.name, .same')].map(({ textContent }) => textContent);
    await expect
      .poll(names)
      .toEqual([
        'cats/1.png (cats)',
        '= cats/copy.png',
        '= dogs/1.png (dogs, not cats)',
        'cats/gone.png',
        '= cats/gone too.png',
        'No longer among the pictures.',
      ]);
    await fireEvent.click(within(section).getByRole('radio', { name: 'Leave out' }));
    const pictures = { kind: 'indices', indices: [2] };
    await expect
      .poll(() => client.paramsOf('curation.edit'))
      .toMatchObject([{ edit: { kind: 'exclude', pictures, excluded: true } }]);
    await expect.poll(() => within(section).getByRole('radio', { name: 'Leave out' }).ariaChecked).toBe('true');
    await fireEvent.click(within(section).getByRole('button', { name: 'Make it “dogs”' }));
    await expect
      .poll(() => client.paramsOf('curation.edit').at(-1))
      .toMatchObject({ edit: { kind: 'assign', pictures, class: 'dogs' } });
  });

  it('makes way when the window becomes too narrow to stand beside the pictures', async () => {
    Object.assign(window, { innerWidth: 1440 });
    openRoom(testProject({ dataset: testDataset() }));
    expect(screen.getByRole('heading', { name: 'About the pictures' })).toBeTruthy();
    Object.assign(window, { innerWidth: 1024 });
    await fireEvent(window, new Event('resize'));
    expect(screen.queryByRole('heading', { name: 'About the pictures' })).toBeNull();
  });
});

describe('curation', () => {
  const wall = () => screen.findByRole('listbox', { name: '328 pictures' });
  /** Opens a chooser by the keyboard and takes one of its options. */
  async function choose(label: string, option: string | RegExp): Promise<void> {
    await fireEvent.keyDown(await screen.findByLabelText(label, { selector: 'button' }), { key: 'Enter' });
    await fireEvent.pointerUp(await screen.findByRole('option', { name: option }));
  }
  const press = async (key: string, change = {}) => fireEvent.keyDown(await wall(), { key, ...change });

  it('offers the views that have pictures, with counts, and shows one of them', async () => {
    openRoom(testProject(), { 'curation.overview': () => overviewOf([markBit('excluded'), 1 << 9, 1 << 9]) });
    expect(await screen.findByRole('button', { name: 'Excluded 1' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Trained on 327' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Outliers/ })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Dark 2' }));
    expect(await screen.findByRole('listbox', { name: '2 pictures' })).toBeTruthy();
    expect(screen.getByRole('option', { name: 'picture 2, very dark' })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'All 328' }));
  });

  it('chooses by keys, excludes by Delete, and takes that back and does it again', async () => {
    Object.assign(window, { innerWidth: 1440 });
    const { client, studio } = openRoom(testProject(), {
      'curation.edit': () => outcome({ excluded: 2, trained: 326 }),
      'curation.undo': () => outcome({ revision: 2 }, 'Excluded 2 pictures'),
      'curation.redo': () => outcome({ revision: 3, excluded: 2, trained: 326 }),
    });
    await press('ArrowRight');
    await press('ArrowRight', { shiftKey: true });
    expect(await screen.findByText('2 pictures chosen')).toBeTruthy();
    expect(await screen.findByText('pots/2.png')).toBeTruthy();
    await press('Delete');
    await expect
      .poll(() => client.paramsOf('curation.edit'))
      .toMatchObject([{ edit: { kind: 'exclude', pictures: { kind: 'indices', indices: [1, 2] }, excluded: true } }]);
    expect(await screen.findByText('326 trained on, 2 excluded.')).toBeTruthy();
    await expect.poll(() => studio.messages.undoable).toBe('Excluded 2 pictures');
    await studio.messages.undo();
    expect(client.paramsOf('curation.undo')).toHaveLength(1);
    expect(studio.project?.curation.excluded).toBe(0);
    await studio.messages.redo();
    expect(studio.project?.curation.excluded).toBe(2);
  });

  it('shows what the import noted one thing of, and a size, by its filters', async () => {
    const { client } = openRoom(testProject(), {
      'curation.overview': () => overviewOf([bitsOf(['cmyk']), bitsOf(['cmyk', 'turned']), bitsOf(['transparent'])]),
      'curation.edit': () => outcome({ excluded: 2, trained: 326 }),
    });
    await choose('Import', 'Made for print (CMYK) (2)');
    expect(await screen.findByRole('listbox', { name: '2 pictures' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'All 2' })).toBeTruthy();
    await choose('Import', 'Whatever it noted');
    await choose('Size', /^512 – 1\s023 px \(164\)$/);
    expect(await screen.findByRole('listbox', { name: '164 pictures' })).toBeTruthy();
    await fireEvent.keyDown(await screen.findByRole('listbox', { name: '164 pictures' }), { key: 'a', ctrlKey: true });
    await fireEvent.click(screen.getByRole('button', { name: 'Exclude' }));
    await expect
      .poll(() => client.paramsOf('curation.edit'))
      .toMatchObject([{ edit: { pictures: { indices: Array.from({ length: 164 }, (_, place) => 164 + place) } } }]);
    await choose('Size', 'All sizes');
    expect(await screen.findByRole('listbox', { name: '328 pictures' })).toBeTruthy();
  });

  it('takes all pictures of a view, and only those', async () => {
    openRoom(testProject(), { 'curation.overview': () => overviewOf([1 << 9, 1 << 9, 1 << 9]) });
    await fireEvent.click(await screen.findByRole('button', { name: 'Dark 3' }));
    const dark = await screen.findByRole('listbox', { name: '3 pictures' });
    await fireEvent.keyDown(dark, { key: 'a', ctrlKey: true });
    expect(await screen.findByText('3 pictures chosen')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Choose none' }));
    expect(screen.queryByText('3 pictures chosen')).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'All 328' }));
  });

  it.each([undefined, testDataset()])('says that an import was cut off, and how it goes on', async (dataset) => {
    const unfinished = { sources: ['bowls', 'cups.zip'], count: 5 };
    openRoom(testProject({ dataset, unfinished }));
    const note = await screen.findByText(/^An import of bowls, cups\.zip and 3 more was not finished\. Add the same/);
    expect(note.getAttribute('role')).toBe('status');
  });

  it('changes nothing in a project that another Ganvas has open', async () => {
    const { client } = openRoom(testProject({ readOnly: true }));
    await press('ArrowRight');
    await fireEvent.click(await screen.findByRole('button', { name: /^Exclude This project/ }));
    expect(client.paramsOf('curation.edit')).toEqual([]);
  });

  it('names the pictures whose files are gone, and finds them again', async () => {
    const { client } = openRoom(testProject(), {
      'curation.fitPreview': () => ({
        original: testPictures(1, 16),
        width: 400,
        height: 300,
        result: testPictures(1, 32),
      }),
      'curation.edit': () => ({
        ...outcome({}, 'Cropped all pictures'),
        missing: { count: 1, files: [{ name: '<b>pot</b>.png', problem: 'missing' }] },
      }),
    });
    await fireEvent.click(await screen.findByRole('button', { name: 'Crop all' }));
    await fireEvent.click(await screen.findByRole('radio', { name: 'Stretched' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Apply to all 328' }));
    expect(await screen.findByText('<b>pot</b>.png')).toBeTruthy();
    expect(client.paramsOf('curation.edit')).toMatchObject([
      { edit: { kind: 'fit', fit: { crop: 'stretch', background: '#ffffff' } } },
    ]);
    expect(client.paramsOf('curation.fitPreview').at(-1)).toMatchObject({ fit: { crop: 'stretch' } });
  });

  const previews: Answers = {
    'curation.fitPreview': ({ size = 32, channels = 3 }) => ({
      original: testPictures(1, 16),
      width: 400,
      height: 300,
      result: { ...testPictures(1, size), channels },
    }),
  };

  it('tells at once that files are not as they were, and lets that be', async () => {
    const files = [{ name: 'pots/1.png', problem: 'changed' as const }];
    // A project of its own: it is looked once while the page is open.
    const summary = { ...testProject().summary, id: '5f0f7c9e-1d3b-4c68-9a55-0a2c7f3a9d11' };
    const { client } = openRoom(testProject({ summary }), { 'curation.checkFiles': () => ({ count: 1, files }) });
    const card = await screen.findByRole('alert');
    expect(card.textContent).toContain('The file of 1 picture is not as at the import');
    expect(card.textContent).toContain('pots/1.png its file was changed after the import');
    await fireEvent.click(screen.getByRole('button', { name: 'Leave it' }));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(client.paramsOf('curation.checkFiles')).toHaveLength(1);
  });

  it('makes all pictures larger or grey, after it has shown one so', async () => {
    const { client } = openRoom(testProject(), {
      ...previews,
      'curation.edit': () => outcome({}, 'Made all pictures 64 × 64, colour'),
    });
    await fireEvent.click(await screen.findByRole('button', { name: 'Crop all' }));
    expect(await screen.findByText(/As training sees it, 32 × 32 px/)).toBeTruthy();
    const size = screen.getByRole('textbox', { name: 'Size' });
    await fireEvent.input(size, { target: { value: '64' } });
    await fireEvent.blur(size);
    expect(await screen.findByText(/As training sees it, 64 × 64 px/)).toBeTruthy();
    // Size is nothing that one picture has.
    await fireEvent.click(screen.getByRole('button', { name: /^Apply to this picture/ }));
    expect(client.paramsOf('curation.edit')).toEqual([]);
    await fireEvent.click(screen.getByRole('button', { name: 'Apply to all 328' }));
    await expect
      .poll(() => client.paramsOf('curation.edit'))
      .toMatchObject([{ edit: { kind: 'format', size: 64, channels: 3 } }]);
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  });

  it('crops nothing while the size is none, and says why', async () => {
    const { client } = openRoom(testProject(), previews);
    await fireEvent.click(await screen.findByRole('button', { name: 'Crop all' }));
    await fireEvent.click(await screen.findByRole('radio', { name: 'Stretched' }));
    const size = screen.getByRole('textbox', { name: 'Size' });
    await fireEvent.input(size, { target: { value: '100000' } });
    await fireEvent.blur(size);
    for (const button of screen.getAllByRole('button', { name: /^Apply to/ })) {
      expect(button.title).toBe('Size: Must be at most 256');
      await fireEvent.click(button);
    }
    expect(client.paramsOf('curation.edit')).toEqual([]);
    expect(screen.getByRole('dialog')).toBeTruthy();
    await fireEvent.input(size, { target: { value: '32' } });
    await fireEvent.blur(size);
    expect(screen.getByRole('button', { name: 'Apply to all 328' }).title).toBe('');
  });

  it('gives a picture no crop of its own where it stays as it is', async () => {
    Object.assign(window, { innerWidth: 1440 });
    const { client, studio } = openRoom(testProject(), previews);
    await press('ArrowRight');
    expect(await screen.findByText('pots/1.png')).toBeTruthy();
    for (const apply of ['Apply to this picture', 'Apply to 2 pictures chosen']) {
      await press('Enter');
      await fireEvent.click(await screen.findByRole('button', { name: apply }));
      await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
      expect(studio.messages.latest?.text).toBe('Nothing to change');
      await press('ArrowRight', { shiftKey: true });
    }
    expect(client.paramsOf('curation.edit')).toEqual([]);
  });

  it('crops those first whom the editor was opened for, and says whom in its title', async () => {
    const { client } = openRoom(testProject(), { ...previews, 'curation.edit': () => outcome() });
    const primary = () => document.querySelector('[role=dialog] .primary')?.textContent.trim();
    await fireEvent.click(await screen.findByRole('button', { name: 'Crop all' }));
    expect(screen.getByRole('dialog', { name: 'Crop all 328 pictures' })).toBeTruthy();
    expect(primary()).toBe('Apply to all 328');
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await press('ArrowRight');
    await press('Enter');
    expect(screen.getByRole('dialog', { name: 'Crop' })).toBeTruthy();
    expect(primary()).toBe('Apply to this picture');
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await press('ArrowRight', { shiftKey: true });
    await press('Enter');
    expect(screen.getByRole('dialog', { name: 'Crop 2 pictures' })).toBeTruthy();
    expect(primary()).toBe('Apply to 2 pictures chosen');
    expect(client.paramsOf('curation.edit')).toEqual([]);
  });

  it('resizes the square by a corner, and says how else', async () => {
    const { client } = openRoom(testProject(), previews);
    await press('ArrowRight');
    await press('Enter');
    await fireEvent.click(await screen.findByRole('radio', { name: 'By hand' }));
    expect(await screen.findByText(/drag the square to move it; its corners, the wheel, \+ and − change/)).toBeTruthy();
    // The stage is as wide as jsdom says, 1000 pixels for 400 of the picture: 2.5 a pixel, and lies 125 from the top.
    const corner = document.querySelector('.corner.right.bottom');
    if (!corner) throw new Error('no corner');
    await fireEvent.pointerDown(corner, { clientX: 875, clientY: 875, pointerId: 1 });
    await fireEvent.pointerMove(corner, { clientX: 500, clientY: 500, pointerId: 1 });
    await expect
      .poll(() => client.paramsOf('curation.fitPreview').at(-1)?.fit.region)
      .toEqual({ left: 0.125, top: 0, width: 0.375, height: 0.5 });
  });

  it('stays with the picture that was chosen when the wall changes', async () => {
    Object.assign(window, { innerWidth: 1440 });
    const dark = 1 << 9;
    let marks = [0, 0, dark, 0, dark, dark];
    let revision = 0;
    const { client } = openRoom(testProject(), {
      'curation.overview': () => ({ ...overviewOf(marks), revision }),
      'curation.describe': ({ indices }) => indices.map(detailOf),
    });
    for (let step = 0; step < 4; step++) await press('ArrowRight');
    expect(await screen.findByText('pots/4.png')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Dark 3' }));
    expect(await screen.findByRole('listbox', { name: '3 pictures' })).toBeTruthy();
    expect(screen.getByText('1 picture chosen')).toBeTruthy();
    expect(screen.getByText('pots/4.png')).toBeTruthy();
    // Another picture joins the view in front of it, as after an undo.
    [marks, revision] = [[dark, dark, dark, 0, dark, dark], 1];
    const { summary } = testProject();
    client.tell({ event: 'curation.changed', data: { projectId: summary.id, curation: testCuration({ revision }) } });
    const wider = await screen.findByRole('listbox', { name: '5 pictures' });
    await expect.poll(() => client.paramsOf('curation.describe').at(-1)?.indices).toEqual([4]);
    expect(screen.getByText('pots/4.png')).toBeTruthy();
    await fireEvent.keyDown(wider, { key: 'ArrowRight' });
    expect(await screen.findByText('pots/5.png')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'All 328' }));
  });

  it('says what is missing where nothing could be changed, and offers no undo of it', async () => {
    const files = [{ name: 'pots/7.png', problem: 'archive' }] as const;
    const { studio } = openRoom(testProject(), {
      ...previews,
      'curation.edit': () => ({ ...outcome(), done: undefined, missing: { count: 1, files } }),
    });
    await fireEvent.click(await screen.findByRole('button', { name: 'Crop all' }));
    await fireEvent.click(await screen.findByRole('radio', { name: 'Grey' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Apply to all 328' }));
    const editor = screen.getByRole('dialog');
    await expect.poll(() => editor.textContent).toContain('the archive it came from can no longer be opened');
    expect(studio.messages.latest).toMatchObject({ tone: 'error', error: { code: 'dataset.originals-missing' } });
    expect(studio.messages.undoable).toBeUndefined();
  });

  it('holds a share out and weighs classes', async () => {
    Object.assign(window, { innerWidth: 1440 });
    const { client } = openRoom(testProject(), {
      'curation.overview': () => overviewOf([], ['bowls', 'cups']),
      'curation.edit': () => outcome({}, 'Changed the sampling'),
    });
    await fireEvent.click(await screen.findByRole('radio', { name: 'Training' }));
    await fireEvent.click(await screen.findByRole('switch', { name: 'Balance classes' }));
    await expect
      .poll(() => client.paramsOf('curation.edit'))
      .toMatchObject([{ edit: { kind: 'sampling', sampling: { balanced: true, weights: {} } } }]);
  });

  it('loses no change of the sampling that is made before the last one was answered', async () => {
    Object.assign(window, { innerWidth: 1440 });
    let answer = (): void => undefined;
    const first = new Promise<void>((resolve) => (answer = resolve));
    const { client } = openRoom(testProject(), {
      'curation.overview': () => overviewOf([], ['bowls', 'cups']),
      'curation.edit': async ({ edit }) => {
        await first;
        const sampling = edit.kind === 'sampling' ? edit.sampling : fail('defect', { problem: edit.kind });
        return outcome({ sampling }, 'Changed the sampling');
      },
    });
    await fireEvent.click(await screen.findByRole('radio', { name: 'Training' }));
    await fireEvent.click(await screen.findByRole('switch', { name: 'Balance classes' }));
    const weight = screen.getByLabelText('bowls');
    await fireEvent.input(weight, { target: { value: '2.5' } });
    await fireEvent.blur(weight);
    answer();
    await expect
      .poll(() => client.paramsOf('curation.edit').at(1))
      .toMatchObject({ edit: { sampling: { balanced: true, weights: { bowls: 2.5 } } } });
  });

  it('says why the pictures cannot be shown, and tries again', async () => {
    let broken = true;
    openRoom(testProject(), {
      'curation.overview': () => (broken ? fail('project.unreadable', { file: 'x', problem: 'y' }) : overviewOf()),
    });
    expect((await screen.findByRole('alert')).textContent).toContain('cannot be read');
    broken = false;
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: 'All 328' })).toBeTruthy();
  });
});
