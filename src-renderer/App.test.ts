import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import App from './App.svelte';
import { FakeClient, PROJECT_ID, testPictures, testProject, testRun } from './app/fakeClient';
import { keepPlace } from './app/place.svelte';
import { Studio } from './app/studio.svelte';
import type { RunStatus } from '#shared/contract/types';

function openApp(run: RunStatus = testRun()) {
  const client = new FakeClient({
    'app.info': () => ({ version: '1', host: 'web', platform: 'linux', projectsFolder: '/', samplePictures: 300 }),
    'app.samplePreview': ({ count }) => testPictures(count),
    'curation.overview': () => ({
      revision: 0,
      count: 0,
      marks: new Uint8Array(0),
      classNumbers: new Uint8Array(0),
      shorterSides: new Uint8Array(0),
      classes: [],
    }),
    'projects.recent': () => [testProject().summary],
    'projects.open': () => testProject({ run }),
    'projects.rename': ({ name }) => testProject({ summary: { ...testProject().summary, name } }),
    'datasets.thumbnails': ({ count }) => testPictures(count),
    'training.pause': () => ({ ...run, run: { state: 'paused' } }),
    'training.resume': () => ({ ...run, run: { state: 'training' } }),
    'training.stop': () => ({ ...run, run: { state: 'stopping' } }),
  });
  const studio = new Studio(client);
  studio.takeProject(testProject({ run }));
  studio.room = 'data';
  render(App, { studio });
  return { client, studio };
}

const running = testRun({
  run: { state: 'training' },
  step: 2480,
  secondsLeft: 203,
  engine: { engine: 'compiled', provider: 'cpu', device: 'CPU, 2 threads' },
});
const press = (key: string, init: KeyboardEventInit = {}) => fireEvent.keyDown(document.body, { key, ...init });
const bar = () => within(screen.getByRole('group', { name: 'Run' }));

beforeEach(() => sessionStorage.clear());
afterEach(() => sessionStorage.clear());

describe('the frame', () => {
  it('has the run in sight: state in words, step, time left, device, speed', () => {
    openApp(running);
    const text = screen.getByRole('group', { name: 'Run' }).textContent;
    for (const part of [/training/, /step 2.480/, /about 3.min left/, /CPU, 2 threads · – img\/s/])
      expect(text).toMatch(part);
  });

  it('tells no speed and no time left of a run that stands still', () => {
    openApp({ ...running, run: { state: 'paused' }, secondsLeft: undefined });
    expect(screen.getByRole('group', { name: 'Run' }).textContent).not.toMatch(/img\/s|left|–/);
  });

  it('pauses and resumes by Space and stops by its button', async () => {
    const { client } = openApp(running);
    await press(' ');
    expect(await bar().findByRole('button', { name: 'Resume' })).toBeTruthy();
    await press(' ');
    expect(await bar().findByRole('button', { name: 'Pause' })).toBeTruthy();
    await fireEvent.click(bar().getByRole('button', { name: /^Stop/ }));
    await expect.poll(() => client.paramsOf('training.stop')).toEqual([{ projectId: PROJECT_ID }]);
    expect(await bar().findByText('stopping')).toBeTruthy();
  });

  it('switches rooms by Ctrl and a number', async () => {
    openApp();
    await press('2', { ctrlKey: true });
    expect(screen.getByRole('heading', { level: 1, name: 'Model' })).toBeTruthy();
    await press('1', { ctrlKey: true });
    expect(screen.getByRole('heading', { level: 1, name: 'Data' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Data' }).getAttribute('aria-current')).toBe('page');
  });

  it('lists the engines by name, with the command that adds one; it installs nothing itself', async () => {
    const { client } = openApp();
    client.answers['engines.list'] = () => ({
      engines: [
        {
          id: 'tfjs-node-gpu',
          computesOn: 'NVIDIA GPU (CUDA)',
          state: 'absent',
          command: 'ganvas engines add tfjs-node-gpu',
        },
        {
          id: 'tfjs-node',
          computesOn: 'CPU',
          state: 'ready',
          version: '4.22.0',
          folder: '/e',
          command: 'ganvas engines add tfjs-node',
        },
      ],
      used: 'tfjs-node',
    });
    await press('k', { ctrlKey: true });
    const search = await screen.findByPlaceholderText('What do you want to do?');
    await fireEvent.input(search, { target: { value: 'tensorflow' } });
    await fireEvent.click(await screen.findByRole('option', { name: 'TensorFlow engines' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Engines' }));
    expect(await sheet.findByText('ganvas engines add tfjs-node-gpu')).toBeTruthy();
    expect(sheet.queryByText('ganvas engines add tfjs-node')).toBeNull();
    expect(sheet.getByText(/The eager engine uses tfjs-node\./)).toBeTruthy();
    expect(client.calls.map(({ method }) => method)).not.toContain('engines.add');
  });

  it('finds a command by name', async () => {
    openApp();
    await press('k', { ctrlKey: true });
    const search = await screen.findByPlaceholderText('What do you want to do?');
    await fireEvent.input(search, { target: { value: 'mod' } });
    // The list narrows a moment after the typing.
    await expect
      .poll(() => screen.getAllByRole('option').map(({ textContent }) => textContent))
      .toEqual([expect.stringContaining('Model')]);
    await fireEvent.keyDown(search, { key: 'Enter' });
    expect(await screen.findByRole('heading', { level: 1, name: 'Model' })).toBeTruthy();
  });

  it('undoes by Ctrl+Z and says so in the status line', async () => {
    const { studio } = openApp();
    let taken = 0;
    studio.messages.did('Cleared', () => void taken++);
    flushSync();
    expect(screen.getByRole('button', { name: 'Undo' })).toBeTruthy();
    await press('z', { ctrlKey: true });
    expect(await screen.findByText('Undone: Cleared')).toBeTruthy();
    expect(taken).toBe(1);
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  it('names what Undo takes back beside a message that tells of something else', () => {
    const { studio } = openApp();
    studio.messages.did('Excluded 114 pictures', () => undefined);
    studio.messages.note('Downloaded x.png');
    flushSync();
    expect(screen.getByRole('button', { name: 'Undo: Excluded 114 pictures' })).toBeTruthy();
  });

  it('says that the connection is lost while it is', async () => {
    const { client } = openApp();
    client.connection({ state: 'retrying', attempt: 1 });
    expect((await screen.findByRole('alert')).textContent).toContain('Connection lost, retrying');
    client.connection({ state: 'connected' });
    await expect.poll(() => screen.queryByRole('alert')).toBeNull();
  });

  it('comes back to the same project and room when the page is loaded anew', async () => {
    const { studio } = openApp();
    await keepPlace(studio, sessionStorage);
    studio.room = 'model';
    flushSync();
    const { studio: again } = openApp();
    again.takeProject(undefined);
    await keepPlace(again, sessionStorage);
    expect([again.project?.summary.id, again.room]).toEqual([PROJECT_ID, 'model']);
  });
});
