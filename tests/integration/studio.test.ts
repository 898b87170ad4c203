import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EventMessage, EventName, Events } from '#shared/contract/events';
import type { RunState } from '#shared/contract/types';
import { createStudio, type Studio } from '../../src-main/studio/studio';

/** The studio with its real, built workers: one run's life, from its start to the next program's start. Each test goes on where the last one ended. */
const workers = new URL('../../out/main/', import.meta.url);
let folder: string;
let studio: Studio;
let projectId: string;

const newStudio = () => createStudio({ home: join(folder, 'home'), host: 'web', version: '0', workers });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-'));
  studio = newStudio();
  const { summary } = await studio.call('projects.create', { name: 'Run' }, 'client');
  projectId = summary.id;
  await studio.call('datasets.import', { projectId, source: { kind: 'sample' }, size: 16 }, 'client');
});
afterAll(async () => {
  await studio.close();
  await rm(folder, { recursive: true });
});

/** The next event of a name that satisfies the test. */
function heard<Name extends EventName>(event: Name, test: (data: Events[Name]) => boolean = () => true) {
  return new Promise<Events[Name]>((resolve) => {
    const silence = studio.onEvent((message: EventMessage) => {
      const data = message.data as Events[Name];
      if (message.event !== event || !test(data)) return;
      silence();
      resolve(data);
    });
  });
}
const state = (wanted: RunState['state']) => heard('training.status', ({ run }) => run.state === wanted);
const render = (count: number) =>
  studio.call(
    'latent.render',
    { projectId, points: Array.from({ length: count }, (_, seed) => ({ kind: 'seed', seed })) },
    'client',
  );
const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });

it('starts: prepares, trains, reports, shows samples', async () => {
  const events = [state('preparing'), state('training'), heard('training.report'), heard('training.samples')] as const;
  const budget = { kind: 'steps', steps: 1_000_000 };
  const status = await studio.call('training.start', { projectId, budget, batchSize: 4, seed: 5 }, 'client');
  expect(status).toMatchObject({ run: { state: 'preparing' }, seed: 5 });
  const [, training, { report }, { sheet }] = await Promise.all(events);
  expect(training).toMatchObject({ goal: 1_000_000, engine: { engine: 'compiled', provider: 'cpu' } });
  expect(report.images).toBe(report.step * 4);
  expect(sheet.pictures).toMatchObject({ count: 64, width: 16, channels: 3 });
});

it('refuses, while it runs, what would disturb it', async () => {
  const { recipe } = await studio.call('projects.open', { projectId }, 'client');
  await refused(studio.call('training.start', { projectId }, 'client'), 'training.running');
  await refused(studio.call('recipe.set', { projectId, recipe }, 'client'), 'training.running');
  await refused(studio.call('app.doctor', {}, 'client'), 'training.running');
  await refused(studio.call('recipe.time', { recipe }, 'client'), 'timing.busy');
});

it('draws pictures of any latents while it trains, in the order they were asked for', async () => {
  const answers: number[] = [];
  const renderings = await Promise.all(
    [1, 3, 100, 1].map(async (count, index) => {
      const rendering = await render(count);
      answers.push(index);
      return rendering;
    }),
  );
  expect(answers).toEqual([0, 1, 2, 3]);
  expect(renderings.map(({ pictures }) => pictures.count)).toEqual([1, 3, 100, 1]);
  const [first, second] = [0, 1].map((index) =>
    renderings[2]?.pictures.pixels.subarray(index * 768, (index + 1) * 768),
  );
  expect(first).not.toEqual(second);
});

it('pauses with a checkpoint, and draws the paused generator; the same seed gives the same picture', async () => {
  const paused = state('paused');
  await studio.call('training.pause', { projectId }, 'client');
  const { step } = await paused;
  // The snapshot of the paused step follows the event.
  await heard('training.samples', ({ sheet }) => sheet.step === step);
  const [one, two] = [await render(2), await render(1)];
  expect(one.step).toBe(step);
  expect(two.pictures.pixels).toEqual(one.pictures.pixels.subarray(0, two.pictures.pixels.length));
  expect(await studio.call('training.status', { projectId }, 'client')).toMatchObject({ step, checkpointStep: step });
});

it('resumes where it was, and stops when asked', async () => {
  const before = await studio.call('training.status', { projectId }, 'client');
  const report = heard('training.report');
  await studio.call('training.resume', { projectId }, 'client');
  expect((await report).report.step).toBeGreaterThan(before.step);
  const stopped = await studio.call('training.stop', { projectId }, 'client');
  expect(stopped.run).toEqual({ state: 'stopped', reason: 'user' });
  expect(stopped.checkpointStep).toBe(stopped.step);
  const { curation } = await studio.call('projects.open', { projectId }, 'client');
  expect(stopped.trainedOn).toEqual({ hash: curation.hash, count: curation.trained });
  const { reports } = await studio.call('training.history', { projectId }, 'client');
  expect(reports.at(-1)?.step).toBe(stopped.step);
  const steps = await studio.call('training.sampleSteps', { projectId }, 'client');
  expect(steps).toEqual([0, stopped.step]);
  const kept = await studio.call('training.samplesAt', { projectId, step: stopped.step }, 'client');
  expect(kept.pictures.count).toBe(64);
});

it('exports what the stopped generator makes', async () => {
  const take = async (ready: { exportId: string; bytes: number }) => {
    const { bytes } = await studio.call('export.take', { exportId: ready.exportId }, 'host');
    expect(bytes).toHaveLength(ready.bytes);
    return Buffer.from(bytes);
  };
  const point = { kind: 'seed', seed: 1 };
  const png = await take(await studio.call('export.picture', { projectId, point, scale: 2 }, 'client'));
  expect(png.readUInt32BE(16)).toBe(32);
  const walk = { projectId, from: 1, to: 2, frames: 4, scale: 1 };
  const webp = await take(await studio.call('export.animation', walk, 'client'));
  expect(webp.toString('latin1', 8, 12)).toBe('WEBP');
  const model = await take(await studio.call('export.onnx', { projectId }, 'client'));
  expect(model.length).toBeGreaterThan(10_000);
});

it('is closed amid a run, and the next studio offers to go on from its checkpoint', async () => {
  const report = heard('training.report');
  await studio.call('training.start', { projectId, budget: { kind: 'minutes', minutes: 60 } }, 'client');
  const { step } = (await report).report;
  await studio.close();
  studio = newStudio();
  const { run, readOnly, curation } = await studio.call('projects.open', { projectId }, 'client');
  expect(run.trainedOn).toEqual({ hash: curation.hash, count: curation.trained });
  expect(readOnly).toBe(false);
  expect(run).toMatchObject({ run: { state: 'stopped', reason: 'interrupted' }, continuable: true, seed: 5 });
  expect(run.checkpointStep).toBeGreaterThanOrEqual(step);
  expect(await render(1)).toMatchObject({ step: run.checkpointStep });
  const [resumed, ended] = [heard('training.report'), state('stopped')];
  await studio.call('training.start', { projectId, budget: { kind: 'steps', steps: 2 } }, 'client');
  const first = (await resumed).report;
  expect(first).toMatchObject({ step: run.step + 2 });
  expect(first.seconds).toBeGreaterThan(run.report?.seconds ?? Infinity);
  expect((await ended).run).toEqual({ state: 'stopped', reason: 'goal' });
});

it('offers no going on once the networks are others, and begins a new run', async () => {
  const { recipe, run } = await studio.call('projects.open', { projectId }, 'client');
  const [first, ...others] = recipe.generator;
  const changed = {
    ...recipe,
    generator: [{ ...first, settings: { ...first?.settings, initialDeviation: 0.1 } }, ...others],
  };
  const detail = await studio.call('recipe.set', { projectId, recipe: changed }, 'client');
  expect(detail.run.continuable).toBe(false);
  await refused(studio.call('training.start', { projectId }, 'client'), 'training.recipe-changed');
  const ended = state('stopped');
  const budget = { kind: 'images', images: 10 };
  await studio.call('training.start', { projectId, budget, batchSize: 4, fresh: true }, 'client');
  const status = await ended;
  expect(status).toMatchObject({ step: 3, run: { reason: 'goal' }, continuable: true });
  expect(status.runId).not.toBe(run.runId);
});

it('times steps of a recipe, ends that when asked, and lets no start wait for it', async () => {
  const { recipe } = await studio.call('projects.open', { projectId }, 'client');
  const time = await studio.call('recipe.time', { recipe, batchSize: 4 }, 'client');
  expect(time).toMatchObject({ provider: 'cpu', batchSize: 4 });
  expect(time.imagesPerSecond).toBeCloseTo(4000 / time.msPerStep);

  const underWay = () => heard('job.progress', ({ label }) => label === 'Timing steps');
  const jobId = '00000000-0000-4000-8000-00000000000a';
  const [begun, cancelled] = [underWay(), studio.call('recipe.time', { recipe, jobId }, 'client')];
  await begun;
  await refused(studio.call('recipe.time', { recipe }, 'client'), 'timing.busy');
  await studio.call('jobs.cancel', { jobId }, 'client');
  await refused(cancelled, 'job.cancelled');

  const [again, overtaken, ended] = [underWay(), studio.call('recipe.time', { recipe }, 'client'), state('stopped')];
  const refusal = refused(overtaken, 'job.cancelled');
  await again;
  await studio.call('training.start', { projectId, budget: { kind: 'steps', steps: 2 } }, 'client');
  await refusal;
  expect((await ended).run).toEqual({ state: 'stopped', reason: 'goal' });

  const misfit = { ...recipe, generator: recipe.generator.slice(0, 1) };
  await refused(studio.call('recipe.time', { recipe: misfit }, 'client'), 'recipe.misfit');
});
