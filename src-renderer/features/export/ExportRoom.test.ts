import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Params } from '#shared/contract/api';
import type { ExportReady, RunStatus } from '#shared/contract/types';
import { GanvasError } from '#shared/contract/errors';
import {
  FakeClient,
  PROJECT_ID,
  studioContext,
  testPictures,
  testProject,
  testRun,
  type Answers,
} from '../../app/fakeClient';
import { Studio } from '../../app/studio.svelte';
import { ExportChoice, exportChoice } from './exportChoice.svelte';
import ExportRoom from './ExportRoom.svelte';
import { exportTarget } from './exportTarget.svelte';

const ready = (fileName: string): ExportReady => ({ exportId: 'e', fileName, mime: 'image/png', bytes: 12_000 });
const trained = {
  runId: 'run-1',
  step: 1000,
  checkpointStep: 1000,
  continuable: true,
  run: { state: 'stopped', reason: 'user' },
} as const;

function enter(run: Partial<RunStatus> = trained, answers: Answers = {}) {
  const client = new FakeClient({
    'latent.render': ({ points }) => ({ step: 1000, pictures: testPictures(points.length) }),
    'export.picture': () => ready('picture.png'),
    'export.grid': () => ready('grid.png'),
    'export.onnx': () => ready('generator.onnx'),
    ...answers,
  });
  const saved = vi.spyOn(client, 'save');
  const studio = new Studio(client);
  studio.takeProject(testProject({ run: testRun(run) }));
  studio.room = 'export';
  render(ExportRoom, { context: studioContext(studio) });
  return { client, studio, saved };
}
const card = (name: string) => within(screen.getByRole('region', { name }));
async function setNumber(inside: ReturnType<typeof card>, label: string, value: number) {
  const box = inside.getByRole('textbox', { name: label });
  await fireEvent.input(box, { target: { value: String(value) } });
  await fireEvent.blur(box);
}

// What the cards are set to outlives a test as it outlives the room.
beforeEach(() => {
  const { frames, gridCount, gridFrom, pictureScale } = new ExportChoice(PROJECT_ID);
  Object.assign(exportChoice(PROJECT_ID), { frames, gridCount, gridFrom, pictureScale, pictureOf: 'point' });
});

describe('Export room', () => {
  it('without a generator leads to Train', () => {
    const { studio } = enter({});
    screen.getByRole('button', { name: 'Go to Train' }).click();
    expect(studio.room).toBe('train');
  });

  it('says what a picture will be, writes it, and tells where it went', async () => {
    const { client, saved } = enter();
    const picture = card('A picture');
    expect(picture.getByText('128 × 128 px')).toBeTruthy();
    await setNumber(picture, 'Scale', 2);
    expect(picture.getByText('64 × 64 px')).toBeTruthy();
    await fireEvent.click(picture.getByRole('button', { name: 'Save picture' }));
    await picture.findByText('Downloaded picture.png (12 kB)');
    expect(client.paramsOf('export.picture')).toEqual([
      { projectId: PROJECT_ID, point: { kind: 'seed', seed: 1 }, weights: 'average', scale: 2 },
    ]);
    expect(saved).toHaveBeenCalledWith(ready('picture.png'));
  });

  it('offers the point that Explore handed over, and a seed instead', async () => {
    const point = { kind: 'between', from: 3, to: 4, t: 0.25, mode: 'lerp' } as const;
    exportTarget.take(PROJECT_ID, point);
    const { client } = enter();
    const picture = card('A picture');
    expect(picture.getByText('25 % from seed 3 to 4')).toBeTruthy();
    await fireEvent.click(picture.getByRole('button', { name: 'Save picture' }));
    await waitFor(() => expect(client.paramsOf('export.picture')[0]?.point).toEqual(point));
    await fireEvent.click(picture.getByRole('radio', { name: 'A seed' }));
    expect(picture.getByText('Seed 1')).toBeTruthy();
  });

  it('previews the very pictures of the grid that it writes', async () => {
    const { client } = enter();
    const grid = card('A grid of many');
    await setNumber(grid, 'Pictures', 10);
    await setNumber(grid, 'First seed', 5);
    expect(grid.getByText('128 × 96 px')).toBeTruthy();
    const seeds = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
    const previewed = seeds.map((seed) => ({ kind: 'seed', seed }));
    await waitFor(() => expect(client.paramsOf('latent.render').map(({ points }) => points)).toContainEqual(previewed));
    await fireEvent.click(grid.getByRole('button', { name: 'Save grid' }));
    await grid.findByText(/Downloaded grid.png/);
    expect(client.paramsOf('export.grid')).toEqual([
      { projectId: PROJECT_ID, seeds, columns: 4, weights: 'average', scale: 1 },
    ]);
  });

  it('counts the frames of a loop, shows the progress of the animation, and cancels it', async () => {
    let asked: Params<'export.animation'> | undefined;
    let refuse: (error: Error) => void = () => undefined;
    const { client } = enter(trained, {
      'export.animation': (params) => {
        asked = params;
        return new Promise((_, reject) => (refuse = reject));
      },
      'jobs.cancel': () => {
        refuse(new GanvasError('job.cancelled'));
        return { cancelled: true };
      },
    });
    const animation = card('An animation');
    await setNumber(animation, 'Frames', 20);
    expect(animation.getByText('38 frames')).toBeTruthy();
    await fireEvent.click(animation.getByRole('button', { name: 'Save animation' }));
    const jobId = asked?.jobId ?? '';
    client.tell({
      event: 'job.progress',
      data: { jobId, label: 'Drawing the animation', done: 19, total: 38, secondsLeft: 20 },
    });
    await animation.findByText('Drawing the animation');
    expect(animation.getByText(/19 of 38 frames/)).toBeTruthy();
    await fireEvent.click(animation.getByRole('button', { name: 'Cancel' }));
    await animation.findByRole('button', { name: 'Save animation' });
    expect(client.paramsOf('jobs.cancel')).toEqual([{ jobId }]);
    expect(animation.queryByRole('alert')).toBeNull();
  });

  it('writes nothing while a field of the card is refused, and leads to it', async () => {
    const { client } = enter();
    for (const [name, label, action, method] of [
      ['A picture', 'Scale', 'Save picture', 'export.picture'],
      ['A grid of many', 'Pictures', 'Save grid', 'export.grid'],
      ['An animation', 'Frames', 'Save animation', 'export.animation'],
    ] as const) {
      const inside = card(name);
      await setNumber(inside, label, 0);
      expect(inside.getByText(/Must be at least/)).toBeTruthy();
      await fireEvent.click(inside.getByRole('button', { name: action }));
      expect(client.paramsOf(method)).toEqual([]);
      expect(document.activeElement).toBe(inside.getByRole('textbox', { name: label }));
    }
    // What is wrong in one card keeps no other from being saved.
    const picture = card('A picture');
    await setNumber(picture, 'Scale', 2);
    await fireEvent.click(picture.getByRole('button', { name: 'Save picture' }));
    await picture.findByText(/Downloaded picture.png/);
  });

  it('names what went wrong in the card where it did', async () => {
    enter(trained, {
      'export.onnx': () => {
        throw new GanvasError('disk.full', { file: 'generator.onnx' });
      },
    });
    const model = card('The generator as ONNX');
    await fireEvent.click(model.getByRole('button', { name: 'Save model' }));
    expect((await model.findByRole('alert')).textContent).toContain('The disk is full');
    expect(card('A picture').queryByRole('alert')).toBeNull();
  });

  it('does not describe the model by a recipe that was changed since', () => {
    enter({ ...trained, continuable: false });
    const model = card('The generator as ONNX');
    expect(model.getByText(/recipe was changed since the last run/)).toBeTruthy();
    expect(model.queryByText(/parameters/)).toBeNull();
  });
});
