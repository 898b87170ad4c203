import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { presetRecipe } from '#shared/recipe/presets';
import { FakeClient, PROJECT_ID, studioContext, testPictures, testProject, testRun } from '../../app/fakeClient';
import { Studio } from '../../app/studio.svelte';
import ExploreRoom from './ExploreRoom.svelte';
import { exploreSession } from './exploreSession.svelte';

beforeEach(() => {
  vi.stubGlobal('ImageData', vi.fn());
  const context = { putImageData: vi.fn(), drawImage: vi.fn(), fillRect: vi.fn() };
  vi.mocked(HTMLCanvasElement.prototype.getContext).mockReturnValue(context as never);
  Object.assign(exploreSession(PROJECT_ID), { mode: 'seed', seed: 1, ends: [1, 2], slot: 0, wallKind: 'seed' });
});
afterEach(() => vi.mocked(HTMLCanvasElement.prototype.getContext).mockReturnValue(null));

const trained = { runId: 'run-1', step: 1000, checkpointStep: 1000, continuable: true } as const;

function enter(preset: string) {
  const client = new FakeClient({
    'latent.render': ({ points }) => ({ step: 1000, pictures: testPictures(points.length) }),
    'latent.encode': ({ pictures }) => ({
      step: 1000,
      means: pictures.map((picture) => [picture % 7, picture % 5]),
      deviations: pictures.map(() => [1, 1]),
    }),
    'datasets.thumbnails': ({ count }) => testPictures(count),
  });
  const studio = new Studio(client);
  studio.takeProject(testProject({ recipe: presetRecipe(preset, 3), run: testRun(trained) }));
  studio.room = 'explore';
  render(ExploreRoom, { context: studioContext(studio) });
  return { client, session: exploreSession(PROJECT_ID) };
}

describe('exploring a VAE', () => {
  it('offers the project’s pictures as ends of a walk', async () => {
    const { client, session } = enter('vae-32');
    session.setMode('between');
    await fireEvent.click(screen.getByRole('radio', { name: 'My pictures' }));
    await waitFor(() => expect(screen.getByRole('option', { name: 'picture 5' })).toBeTruthy());
    session.pick({ picture: 5 });
    session.pick({ picture: 9 });
    await waitFor(() => expect(screen.getByText('50 % from picture 5 to 9')).toBeTruthy());
    const points = client.paramsOf('latent.render').flatMap(({ points: asked }) => asked);
    expect(points).toContainEqual(
      expect.objectContaining({ kind: 'between', from: { picture: 5 }, to: { picture: 9 }, t: 0.5 }),
    );
  });

  it('lays the pictures out on a map; arrow keys take the next one', async () => {
    const { client, session } = enter('vae-32');
    session.setMode('map');
    const map = await screen.findByRole('slider', { name: /Map of the pictures/ });
    expect(client.paramsOf('latent.encode')[0]?.pictures.length).toBe(320);
    await fireEvent.keyDown(map, { key: 'ArrowRight' });
    expect(session.seed).toEqual({ picture: expect.any(Number) });
    expect(screen.getByText(/where the encoder puts them/)).toBeTruthy();
  });
});

it('a GAN has no place for pictures, so neither is offered', () => {
  enter('dcgan-32');
  expect(screen.queryByRole('radio', { name: 'My pictures' })).toBeNull();
  expect(screen.queryByRole('radio', { name: 'Map' })).toBeNull();
});
