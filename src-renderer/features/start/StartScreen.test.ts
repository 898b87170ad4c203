import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { fail } from '#shared/contract/errors';
import { FakeClient, studioContext, testPictures, testProject, testRun, type Answers } from '../../app/fakeClient';
import { Studio } from '../../app/studio.svelte';
import StartScreen from './StartScreen.svelte';

async function openScreen(answers: Answers = {}) {
  const client = new FakeClient({
    'app.info': () => ({ version: '1', host: 'web', platform: 'linux', projectsFolder: '/', samplePictures: 300 }),
    'app.samplePreview': ({ count }) => testPictures(count),
    'projects.recent': () => [testProject().summary],
    'projects.open': () => testProject(),
    'projects.forget': () => [],
    ...answers,
  });
  const studio = new Studio(client);
  await studio.start();
  render(StartScreen, { context: studioContext(studio) });
  return { client, studio };
}

describe('the first screen', () => {
  it('offers a drop, the sample set with eight of its pictures, and recent projects', async () => {
    const { client } = await openScreen();
    expect(screen.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeTruthy();
    expect(await screen.findByRole('img', { name: 'Pictures of the sample set' })).toBeTruthy();
    expect(client.paramsOf('app.samplePreview')).toEqual([{ count: 8 }]);
    expect(screen.getByText('300 small pictures, ready to train on')).toBeTruthy();
    expect(screen.getByRole('button', { name: /^My ceramics/ })).toBeTruthy();
  });

  it('opens a recent project where its user goes on', async () => {
    const { studio } = await openScreen();
    await fireEvent.click(screen.getByRole('button', { name: /^My ceramics/ }));
    await expect.poll(() => studio.project?.summary.name).toBe('My ceramics');
    expect(studio.room).toBe('train');
  });

  it('says which project trains, and how far it is', async () => {
    const { client } = await openScreen({
      'projects.recent': () => [{ ...testProject().summary, step: 40, run: { state: 'training' } }],
    });
    expect(screen.getByRole('button', { name: /^My ceramics.*training, step 40/ })).toBeTruthy();
    client.tell({ event: 'training.status', data: testRun({ run: { state: 'paused' }, step: 1500 }) });
    expect(await screen.findByRole('button', { name: /^My ceramics.*paused, step 1.500/ })).toBeTruthy();
  });

  it('takes a project off the list, and back on it by undo', async () => {
    const { studio } = await openScreen();
    await fireEvent.click(screen.getByRole('button', { name: /^Take “My ceramics” off/ }));
    await expect.poll(() => studio.recent).toEqual([]);
    expect(screen.queryByText('My ceramics')).toBeNull();
    await studio.messages.undo();
    expect(await screen.findByRole('button', { name: /^My ceramics/ })).toBeTruthy();
  });

  it('says that the studio does not answer, and tries again', async () => {
    let down = true;
    const { studio } = await openScreen({
      'projects.recent': () => (down ? fail('connection.lost') : [testProject().summary]),
    });
    expect(screen.getByRole('alert').textContent).toContain('The connection to the studio was lost');
    down = false;
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: /^My ceramics/ })).toBeTruthy();
    expect(studio.startError).toBeUndefined();
  });
});
