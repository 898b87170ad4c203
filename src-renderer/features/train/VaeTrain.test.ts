import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import type { VaeReport } from '#shared/contract/types';
import { presetRecipe } from '#shared/recipe/presets';
import { FakeClient, PROJECT_ID, studioContext, testPictures, testProject, testRun } from '../../app/fakeClient';
import { Studio } from '../../app/studio.svelte';
import TrainRoom from './TrainRoom.svelte';

const RUN_ID = 'run-1';
const report = (step: number): VaeReport => ({
  step,
  images: step * 32,
  reconstruction: 100,
  kl: 20,
  elbo: -120,
  squaredError: 0.04,
  activeUnits: 12,
  msPerStep: 20,
  imagesPerSecond: 1600,
  seconds: step / 50,
});

function enter() {
  const client = new FakeClient({
    'datasets.thumbnails': ({ count }) => testPictures(count),
    'training.history': () => ({ runId: RUN_ID, reports: [report(500), report(1000)] }),
    'training.sampleSteps': () => [500],
    'training.samplesAt': ({ step }) => ({ runId: RUN_ID, step, pictures: testPictures(16) }),
    'latent.render': ({ points }) => ({ step: 500, pictures: testPictures(points.length) }),
  });
  const studio = new Studio(client);
  const run = testRun({ runId: RUN_ID, run: { state: 'training' }, step: 1000 });
  studio.takeProject(testProject({ recipe: presetRecipe('vae-32', 3), run }));
  studio.room = 'train';
  render(TrainRoom, { context: studioContext(studio) });
  return client;
}

it('a VAE’s run shows its bound, reconstruction and KL instead of the game of two', async () => {
  enter();
  expect(await screen.findByText('Lower bound (ELBO)')).toBeTruthy();
  expect(screen.getByText('KL divergence and active units')).toBeTruthy();
  expect(screen.queryByText('Balance')).toBeNull();
  expect(screen.queryByText('D(x) and D(G(z))')).toBeNull();
});

it('shows pictures beside their reconstructions, and draws them again with each new generator', async () => {
  const client = enter();
  await waitFor(() => expect(client.paramsOf('training.samplesAt')).toHaveLength(1));
  await fireEvent.click(await screen.findByRole('radio', { name: 'Reconstructed' }));
  await waitFor(() => expect(client.paramsOf('latent.render')).toHaveLength(1));
  const [first] = client.paramsOf('latent.render');
  expect(first?.points).toHaveLength(36);
  expect(first?.points[0]).toEqual({ kind: 'seed', seed: { picture: 146 } });
  expect(client.paramsOf('datasets.thumbnails')).toContainEqual({ projectId: PROJECT_ID, from: 146, count: 36 });
  const sheet = { runId: RUN_ID, step: 1100, pictures: testPictures(16) };
  client.tell({ event: 'training.samples', data: { projectId: PROJECT_ID, sheet } });
  await waitFor(() => expect(client.paramsOf('latent.render')).toHaveLength(2));
});
