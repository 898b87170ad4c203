import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProjectDetail, Rendering, RunStatus } from '#shared/contract/types';
import type { LatentPoint } from '#shared/math/latent';
import { GanvasError } from '#shared/contract/errors';
import { presetRecipe } from '#shared/recipe/presets';
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
import { exportTarget } from '../export/exportTarget.svelte';
import ExploreRoom from './ExploreRoom.svelte';
import { exploreSession } from './exploreSession.svelte';

// The large picture counts what it put on its canvas, so here the canvas takes pixels.
const putImageData = vi.fn();
const canvasContext = { putImageData, drawImage: vi.fn(), fillRect: vi.fn() };
beforeEach(() => {
  vi.stubGlobal('ImageData', vi.fn());
  vi.mocked(HTMLCanvasElement.prototype.getContext).mockReturnValue(canvasContext as never);
  Object.assign(exploreSession(PROJECT_ID), {
    mode: 'seed',
    seed: 1,
    ends: [1, 2],
    t: 0.5,
    pageFrom: 1,
    slot: 0,
    follow: true,
    weights: 'average',
  });
});
afterEach(() => vi.mocked(HTMLCanvasElement.prototype.getContext).mockReturnValue(null));

const trained = { runId: 'run-1', step: 1000, checkpointStep: 1000, continuable: true } as const;

function enter(run: Partial<RunStatus>, answers: Answers = {}, project: Partial<ProjectDetail> = {}) {
  let step = 1000;
  const client = new FakeClient({
    'latent.render': ({ points }): Rendering => ({ step, pictures: testPictures(points.length) }),
    ...answers,
  });
  const studio = new Studio(client);
  studio.takeProject(testProject({ run: testRun(run), ...project }));
  studio.room = 'explore';
  const { container } = render(ExploreRoom, { context: studioContext(studio) });
  /** What a new generator of the run sets off. */
  const trainTo = (next: number) => {
    step = next;
    const sheet = { runId: 'run-1', step, pictures: testPictures(1) };
    client.tell({ event: 'training.samples', data: { projectId: PROJECT_ID, sheet } });
  };
  const canvas = () => container.querySelector<HTMLCanvasElement>('canvas[data-redraws]');
  const redraws = () => Number(canvas()?.dataset['redraws']);
  return { client, studio, trainTo, redraws };
}
/** The points asked for the large picture: it is the one surface with a single point that is no slot. */
const asked = (client: FakeClient) => client.paramsOf('latent.render').map(({ points }) => points);
const lastSingle = (client: FakeClient): LatentPoint | undefined =>
  asked(client)
    .filter(({ length }) => length === 1)
    .at(-1)?.[0];

describe('Explore room', () => {
  it('without a generator leads to Train', () => {
    const { studio, client } = enter({});
    screen.getByRole('button', { name: 'Go to Train' }).click();
    expect(studio.room).toBe('train');
    expect(client.paramsOf('latent.render')).toHaveLength(0);
  });

  it('says that the first generator is coming while a first run begins', () => {
    enter({ runId: 'run-1', run: { state: 'preparing', phase: 'Compiling', fraction: 0 } });
    expect(screen.getByText('The first generator is on its way')).toBeTruthy();
  });

  it('draws by the average, and by the generator itself where that is switched off', async () => {
    const { client } = enter(trained, {}, { recipe: presetRecipe('studio-32', 3) });
    const by = () => client.paramsOf('latent.render').map(({ weights }) => weights);
    await waitFor(() => expect(by().length).toBeGreaterThan(2));
    expect(new Set(by())).toEqual(new Set(['average']));
    const before = by().length;
    screen.getByRole('switch', { name: 'Average' }).click();
    // The large picture, the wall and the neighbours: all are drawn again.
    await waitFor(() => expect(by().slice(before)).toEqual(['newest', 'newest', 'newest']));
  });

  it('has no such choice where the run keeps no average', () => {
    enter(trained);
    expect(screen.queryByRole('switch', { name: 'Average' })).toBeNull();
  });

  it('draws the seed, the wall and the neighbours, and says of which step', async () => {
    const { client, redraws } = enter({ ...trained, run: { state: 'stopped', reason: 'user' } });
    await screen.findByText('generator of step 1 000');
    await waitFor(() => expect(redraws()).toBe(1));
    expect(asked(client).some((points) => points.length === 48)).toBe(true);
  });

  it('puts a picked picture of the wall on the large one', async () => {
    const { client } = enter({ ...trained, run: { state: 'stopped', reason: 'user' } });
    const wall = await screen.findByRole('listbox', { name: 'Seeds 1 to 48' });
    await fireEvent.keyDown(wall, { key: 'End' });
    await fireEvent.keyDown(wall, { key: 'Enter' });
    await waitFor(() => expect(asked(client)).toContainEqual([{ kind: 'seed', seed: 48 }]));
    expect(screen.getByText('Seed 48')).toBeTruthy();
  });

  it('says what is wrong with a seed, and forgets it when another one is picked', async () => {
    enter({ ...trained, run: { state: 'stopped', reason: 'user' } });
    const box = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Seed' });
    for (const [typed, problem] of [
      ['-5', 'Must be at least 0'],
      ['1e99', 'Must be at most 9007199254740991'],
      ['abc', 'Type a number'],
      ['', 'Type a number'],
      ['1.5', 'Type a whole number'],
    ] as const) {
      await fireEvent.input(box(), { target: { value: typed } });
      await fireEvent.keyDown(box(), { key: 'Enter' });
      expect(screen.getByRole('alert').textContent).toBe(problem);
      expect(box().getAttribute('aria-invalid')).toBe('true');
      expect(document.getElementById(box().getAttribute('aria-describedby') ?? '')?.textContent).toBe(problem);
      expect(screen.getByText('Seed 1')).toBeTruthy();
    }
    await fireEvent.click(screen.getByRole('button', { name: 'Next seed' }));
    await waitFor(() => expect(box().value).toBe('2'));
    expect(screen.queryByRole('alert')).toBeNull();
    const sameBox = box();
    await fireEvent.input(sameBox, { target: { value: '7' } });
    await fireEvent.keyDown(sameBox, { key: 'Enter' });
    await screen.findByText('Seed 7');
    expect(box()).toBe(sameBox);
  });

  it('walks between two seeds by slider, and along the line when asked', async () => {
    const { client } = enter({ ...trained, run: { state: 'stopped', reason: 'user' } });
    await fireEvent.click(screen.getByRole('radio', { name: 'Between two' }));
    const slider = await screen.findByRole('slider', { name: 'Place between the seeds' });
    await fireEvent.keyDown(slider, { key: 'End' });
    await waitFor(() =>
      expect(asked(client)).toContainEqual([{ kind: 'between', from: 1, to: 2, t: 1, mode: 'slerp' }]),
    );
    await fireEvent.click(screen.getByRole('radio', { name: 'Lerp' }));
    await waitFor(() =>
      expect(asked(client)).toContainEqual([{ kind: 'between', from: 1, to: 2, t: 1, mode: 'lerp' }]),
    );
  });

  it('explores on after the room was left and entered again', async () => {
    // A project whose session is begun by the room itself, as in the program.
    const fresh = testProject({ run: testRun({ ...trained, run: { state: 'stopped', reason: 'user' } }) });
    const summary = { ...fresh.summary, id: '22222222-2222-4222-8222-222222222222' };
    const client = new FakeClient({
      'latent.render': ({ points }): Rendering => ({ step: 1000, pictures: testPictures(points.length) }),
    });
    const studio = new Studio(client);
    studio.takeProject({ ...fresh, summary, run: { ...fresh.run, projectId: summary.id } });
    render(ExploreRoom, { context: studioContext(studio) }).unmount();
    render(ExploreRoom, { context: studioContext(studio) });
    await fireEvent.click(screen.getByRole('radio', { name: 'Between two' }));
    const slider = await screen.findByRole('slider', { name: 'Place between the seeds' });
    await fireEvent.keyDown(slider, { key: 'End' });
    await waitFor(() => expect(lastSingle(client)).toMatchObject({ kind: 'between', t: 1 }));
  });

  it('moves in the square by arrow keys, never out of it', async () => {
    const { client } = enter({ ...trained, run: { state: 'stopped', reason: 'user' } });
    await fireEvent.click(screen.getByRole('radio', { name: 'Four corners' }));
    const pad = await screen.findByRole('slider', { name: /four corners/ });
    await fireEvent.keyDown(pad, { key: 'ArrowRight', shiftKey: true });
    await waitFor(() => expect(lastSingle(client)).toMatchObject({ kind: 'corners', u: 0.6, v: 0.5 }));
    await fireEvent.keyDown(pad, { key: 'End' });
    await fireEvent.keyDown(pad, { key: 'ArrowDown' });
    await waitFor(() => expect(lastSingle(client)).toMatchObject({ u: 1, v: 1 }));
    expect(pad.getAttribute('aria-valuetext')).toBe('100 % right, 100 % down');
  });

  it('follows training, and stands still when told to', async () => {
    const { trainTo, redraws } = enter({ ...trained, run: { state: 'training' } });
    await waitFor(() => expect(redraws()).toBe(1));
    trainTo(1100);
    await screen.findByText('generator of step 1 100');
    await waitFor(() => expect(redraws()).toBe(2));
    await fireEvent.click(screen.getByRole('switch', { name: 'Follow training' }));
    trainTo(1200);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(redraws()).toBe(2);
  });

  it('has never two renders in flight while a slider is dragged', async () => {
    let inFlight = 0;
    let most = 0;
    const { client } = enter(
      { ...trained, run: { state: 'stopped', reason: 'user' } },
      {
        'latent.render': async ({ points }) => {
          most = Math.max(most, ++inFlight);
          await new Promise((resolve) => setTimeout(resolve, 1));
          inFlight--;
          return { step: 1000, pictures: testPictures(points.length) };
        },
      },
    );
    await fireEvent.click(screen.getByRole('radio', { name: 'Between two' }));
    const slider = await screen.findByRole('slider', { name: 'Place between the seeds' });
    for (let press = 0; press < 60; press++) await fireEvent.keyDown(slider, { key: 'ArrowRight' });
    await waitFor(() => expect(lastSingle(client)).toMatchObject({ t: 0.62 }));
    expect(most).toBe(1);
  });

  it('keeps the picture and says what is wrong when a render fails', async () => {
    let broken = false;
    const { redraws } = enter(
      { ...trained, run: { state: 'stopped', reason: 'user' } },
      {
        'latent.render': ({ points }) => {
          if (broken) throw new GanvasError('latent.worker-lost', { problem: 'gone' });
          return { step: 1000, pictures: testPictures(points.length) };
        },
      },
    );
    await waitFor(() => expect(redraws()).toBe(1));
    broken = true;
    await fireEvent.click(screen.getByRole('button', { name: 'Next seed' }));
    expect((await screen.findByRole('alert')).textContent).toContain('gone');
    expect(redraws()).toBe(1);
  });

  it('hands the point over to Export', async () => {
    const { studio } = enter({ ...trained, run: { state: 'stopped', reason: 'user' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Export this' }));
    expect(studio.room).toBe('export');
    expect(exportTarget.of(PROJECT_ID)).toEqual({ kind: 'seed', seed: 1 });
    expect(exportTarget.of('another')).toBeUndefined();
  });
});
