import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync, tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { ModelSettings } from '#shared/recipe/model';
import { presetRecipe, withModel } from '#shared/recipe/presets';
import { FakeClient, studioContext, testProject, testRun } from '../../app/fakeClient';
import { Studio } from '../../app/studio.svelte';
import ModelRoom from './ModelRoom.svelte';

function openRoom(run = testRun(), replies: ConstructorParameters<typeof FakeClient>[0] = {}) {
  const client = new FakeClient({
    ...replies,
    'recipe.set': ({ recipe }) => testProject({ recipe }),
    'training.start': () => testRun({ run: { state: 'training' } }),
  });
  const studio = new Studio(client);
  studio.takeProject(testProject({ run }));
  render(ModelRoom, { context: studioContext(studio) });
  return { client, studio };
}

const generator = () => within(screen.getByRole('region', { name: 'Layers of the generator' }));
const layer = (name: RegExp) => generator().getAllByRole('button', { name })[0] as HTMLElement;
const train = () => screen.getByRole('button', { name: /^Train/ });

describe('the Model room', () => {
  it('shows both networks with sizes on the wires and parameters per layer and in all', () => {
    openRoom();
    expect(layer(/^Dense, 2048 numbers, 204.800 parameters$/)).toBeTruthy();
    expect(generator().getByText('8 × 8 × 64')).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Generator' }).textContent).toMatch(/370.627 parameters/);
  });

  it('names a broken layer where it breaks, with a remedy, and holds Train back until it is mended', async () => {
    const { studio, client } = openRoom();
    await fireEvent.click(layer(/^Reshape/));
    const channels = screen.getByRole('textbox', { name: 'Channels' });
    await fireEvent.input(channels, { target: { value: '7' } });
    await fireEvent.blur(channels);

    expect(layer(/^Reshape/).getAttribute('aria-label')).toContain('needs 112 numbers, but gets 2048');
    expect(screen.getAllByRole('alert')[0]?.textContent).toContain('Give the layer before it 112 outputs');
    expect(train().getAttribute('aria-disabled')).toBe('true');
    await fireEvent.click(train());
    expect(client.paramsOf('training.start')).toEqual([]);

    await studio.messages.undo();
    await expect.poll(() => train().getAttribute('aria-disabled')).toBeNull();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('refuses a number out of range and keeps the recipe', async () => {
    const { studio } = openRoom();
    await fireEvent.click(layer(/^Dense/));
    const units = screen.getByRole('textbox', { name: 'Units' });
    await fireEvent.input(units, { target: { value: '0' } });
    await fireEvent.blur(units);
    expect(screen.getByText('Must be at least 1')).toBeTruthy();
    expect(studio.recipe.draft).toEqual(testProject().recipe);
  });

  it('walks, moves and removes layers by keyboard, and takes each back', async () => {
    const { studio } = openRoom();
    const kinds = () => studio.recipe.draft?.generator.map(({ kind }) => kind).slice(0, 4);
    await fireEvent.click(layer(/^Dense/));
    await fireEvent.keyDown(layer(/^Dense/), { key: 'ArrowRight' });
    expect(layer(/^Reshape/).getAttribute('aria-pressed')).toBe('true');
    await fireEvent.keyDown(layer(/^Reshape/), { key: 'ArrowRight', altKey: true });
    expect(kinds()).toEqual(['dense', 'batchNorm', 'reshape', 'relu']);
    await fireEvent.keyDown(layer(/^Reshape/), { key: 'Delete' });
    expect(kinds()?.slice(0, 3)).toEqual(['dense', 'batchNorm', 'relu']);
    await studio.messages.undo();
    await studio.messages.undo();
    expect(kinds()).toEqual(['dense', 'reshape', 'batchNorm', 'relu']);
  });

  it('folds the recipe’s settings into groups that say how they are set, and sets them', async () => {
    const { studio } = openRoom();
    await fireEvent.click(screen.getByRole('button', { name: 'Recipe' }));
    const group = (name: RegExp) => screen.getByRole('button', { name });
    const optimiser = group(/D Optimiser/);
    expect(optimiser.textContent).toContain('Adam, 0.0002');
    expect(screen.queryByLabelText(/Optimiser of the discriminator/)).toBeNull();
    await fireEvent.click(optimiser);
    expect(optimiser.getAttribute('aria-expanded')).toBe('true');
    const kind = screen.getByLabelText(/Optimiser of the discriminator/);
    kind.focus();
    await fireEvent.keyDown(kind, { key: 'Enter' });
    await fireEvent.pointerUp(await screen.findByRole('option', { name: 'RMSprop' }));
    expect(studio.recipe.draft?.optimizers.discriminator).toMatchObject({ kind: 'rmsprop', smoothing: 0.99 });
    expect(studio.recipe.draft?.optimizers.generator.kind).toBe('adam');

    await fireEvent.click(group(/^Augmentation off/));
    expect(screen.queryByRole('slider', { name: /Target/ })).toBeNull();
    await fireEvent.click(screen.getByRole('switch', { name: 'Adaptive' }));
    expect(studio.recipe.draft?.augmentation.adaptive).toBe(true);
    expect(screen.getByRole('slider', { name: /Target/ })).toBeTruthy();
  });

  it('finds a layer in the palette by name, and takes the first by Enter', async () => {
    const { studio } = openRoom();
    await fireEvent.click(generator().getAllByRole('button', { name: /^Add a layer/ })[1] as HTMLElement);
    const palette = within(await screen.findByRole('dialog', { name: 'Layers' }));
    const field = palette.getByRole('searchbox', { name: 'Find a layer' });
    field.focus();
    await fireEvent.input(field, { target: { value: 'leaky' } });
    const found = palette.getAllByRole('button');
    expect(found.map(({ textContent }) => textContent)).toEqual([expect.stringMatching(/^Leaky ReLU/)]);
    await fireEvent.keyDown(field, { key: 'ArrowDown' });
    expect(document.activeElement?.textContent).toMatch(/^Leaky ReLU/);
    await fireEvent.keyDown(found[0] as HTMLElement, { key: 'ArrowUp' });
    await fireEvent.keyDown(field, { key: 'Enter' });
    expect(studio.recipe.draft?.generator[1]?.kind).toBe('leakyRelu');
  });

  it('says what training takes of the memory, and takes the micro-batches that fit at a click', async () => {
    const gigabyte = 2 ** 30;
    const { studio } = openRoom(testRun(), {
      'recipe.memory': () => ({
        batchSize: 16,
        bytes: 9 * gigabyte,
        stateBytes: gigabyte,
        stepBytes: 8 * gigabyte,
        presentBytes: 8 * gigabyte,
        fits: false,
        remedy: { microBatches: 2, bytes: 5 * gigabyte },
      }),
    });
    await fireEvent.click(await screen.findByRole('button', { name: 'Use 2 micro-batches' }));
    expect(screen.getByRole('region', { name: 'Memory of training' }).textContent).toMatch(/has only/);
    expect(studio.recipe.draft?.training.microBatches).toBe(2);
  });

  it('times a step at a click, estimates the whole, and marks what was measured before a change', async () => {
    const { studio, client } = openRoom(testRun(), {
      'recipe.time': ({ jobId = '' }) => {
        client.tell({
          event: 'job.progress',
          data: { jobId, label: 'Timing steps', done: 80, total: 100, secondsLeft: undefined },
        });
        return { provider: 'cpu', device: 'CPU, 2 threads', batchSize: 16, msPerStep: 24, imagesPerSecond: 666.7 };
      },
    });
    const region = () => screen.getByRole('region', { name: 'Time of a training step' });
    const text = () => region().textContent?.replace(/\s+/g, ' ');
    expect(text()).toContain('not known until it is tried');
    await fireEvent.click(within(region()).getByRole('button', { name: 'Time a step' }));
    const again = await screen.findByRole('button', { name: 'Time again' });
    const steps = studio.recipe.draft?.training.steps ?? 0;
    expect(text()).toMatch(/A step of 16 took 24 ms \(667 pictures\/s; CPU, 2 threads\)/);
    expect(text()).not.toContain('Before the last change');

    const training = (change: object) =>
      studio.recipe.edit('Set', (before) => ({ ...before, training: { ...before.training, ...change } }));
    training({ steps: 2 * steps });
    await tick();
    expect(text()).not.toContain('Before the last change');
    training({ batchSize: 32 });
    await tick();
    expect(text()).toContain('Before the last change: a step of 16 took');
    await fireEvent.click(again);
    await expect.poll(text).not.toContain('Before the last change');
    expect(client.paramsOf('recipe.time').map(({ recipe }) => recipe.training.batchSize)).toEqual([16, 32]);
  });

  it('says why no step can be timed while a run goes on', async () => {
    const { client } = openRoom(testRun({ run: { state: 'training' } }));
    const region = screen.getByRole('region', { name: 'Time of a training step' });
    const button = within(region).getByRole('button');
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await fireEvent.click(button);
    expect(client.paramsOf('recipe.time')).toEqual([]);
  });

  it('shows a VAE nothing that it does not read, and says what was set of that', async () => {
    const { studio } = openRoom();
    const group = (name: string) => screen.queryByRole('region', { name });
    await fireEvent.click(screen.getByRole('button', { name: 'Recipe' }));
    expect(group('Loss')).toBeTruthy();
    const gan = presetRecipe('studio-32', 3);
    studio.recipe.edit('Made a VAE', () => withModel(gan, ModelSettings.parse({ kind: 'vae' })));
    flushSync();
    for (const name of ['Loss', 'Penalty', 'Keeping D unsure']) expect(group(name), name).toBeNull();
    expect(screen.getByText(/has no effect: loss, penalty, translation, the discriminator’s optimiser\./)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: /^Augmentation/ }));
    expect(screen.getByRole('switch', { name: 'Mirror' })).toBeTruthy();
    expect(screen.queryByText('Translation')).toBeNull();
  });

  it('adds a layer from the palette and selects it', async () => {
    const { studio } = openRoom();
    await fireEvent.click(generator().getAllByRole('button', { name: /^Add a layer/ })[1] as HTMLElement);
    await fireEvent.click(
      within(await screen.findByRole('dialog', { name: 'Layers' })).getByRole('button', { name: /^Leaky ReLU/ }),
    );
    expect(studio.recipe.draft?.generator[1]?.kind).toBe('leakyRelu');
    expect(screen.getByRole('complementary', { name: 'Layer' }).textContent).toContain('Leaky ReLU');
    expect(studio.messages.undoable).toBe('Added Leaky ReLU');
  });

  it('joins layers: a new one says what it lacks, and takes another input from the list', async () => {
    const { studio } = openRoom();
    const sum = () => studio.recipe.draft?.generator.find(({ kind }) => kind === 'residualAdd');
    await fireEvent.click(generator().getAllByRole('button', { name: /^Add a layer/ })[2] as HTMLElement);
    const palette = within(await screen.findByRole('dialog', { name: 'Layers' }));
    await fireEvent.click(palette.getByRole('button', { name: /^Add Adds/ }));
    expect(screen.getAllByRole('alert')[0]?.textContent).toContain('Name a second layer as its input');
    const second = screen.getByLabelText(/^Input 2/);
    second.focus();
    await fireEvent.keyDown(second, { key: 'Enter' });
    await fireEvent.pointerUp(await screen.findByRole('option', { name: /^2 Reshape/ }));
    expect(sum()?.inputs).toHaveLength(2);
    expect(screen.queryByRole('alert')).toBeNull();
    await studio.messages.undo();
    expect(sum()?.inputs).toBeUndefined();
  });

  it('can be looked at but not changed while a run goes on', async () => {
    const { client, studio } = openRoom(testRun({ run: { state: 'training' } }));
    expect(screen.getByText(/Stop the run to change it/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Watch it train' })).toBeTruthy();
    expect(generator().queryByRole('button', { name: /^Add a layer/ })).toBeNull();
    await fireEvent.click(layer(/^Reshape/));
    await fireEvent.keyDown(layer(/^Reshape/), { key: 'Delete' });
    expect(studio.recipe.draft).toEqual(testProject().recipe);
    expect(studio.messages.latest?.text).toContain('Stop the run first');
    expect(client.paramsOf('recipe.set')).toEqual([]);
  });
});
