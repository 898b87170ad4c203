import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { presetRecipe } from '#shared/recipe/presets';
import { saveCheckpoint } from '../store/checkpoints';
import { createProject, type Project } from '../store/project';
import { createRun, latestRun } from '../store/runs';
import { temporaryFolder } from '../store/testing/temporaryFolder';
import { OpenProject } from './openProject';
import { runToTrain, warningOfStart } from './startRun';

let folder: string;
let project: Project;
const recipe = presetRecipe('dcgan-32', 3);

beforeEach(async () => {
  folder = await temporaryFolder();
  project = await createProject(join(folder, 'faces'), { name: 'Faces', recipe });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = async (params: { readonly seed?: number; readonly fresh?: boolean; readonly untuned?: boolean }) => {
  const open = await OpenProject.read(project, undefined);
  const { id, seed } = await runToTrain(open, {
    projectId: project.id,
    budget: { kind: 'goal' },
    fresh: false,
    provider: 'auto',
    engine: 'auto',
    ownProcess: false,
    ...params,
  });
  return { id, seed };
};

it('goes on with the newest run, or begins one where there is none', async () => {
  expect(await start({ seed: 7 })).toEqual({ id: '0001', seed: 7 });
  expect(await start({})).toEqual({ id: '0001', seed: 7 });
  expect(await start({ seed: 7 })).toEqual({ id: '0001', seed: 7 });
  expect((await start({ fresh: true })).id).toBe('0002');
});

it('is not bound to the seed or the networks of a run that failed before its first checkpoint', async () => {
  await createRun(project, { recipe, seed: 7 });
  expect(await start({ seed: 9 })).toEqual({ id: '0002', seed: 9 });
  await project.writeRecipe(presetRecipe('dcgan-64', 3));
  expect((await start({})).id).toBe('0003');
});

it('keeps to the seed and the networks of a run that has a checkpoint', async () => {
  const { dir } = await createRun(project, { recipe, seed: 7 });
  const vector = new Float32Array(4);
  const network = { weights: vector, firstMoment: vector, secondMoment: vector, running: vector };
  const state = { generator: network, discriminator: network, step: 10 };
  await saveCheckpoint(dir, { state, seed: 7, images: 160, seconds: 1, datasetHash: 'ab12' });
  await expect(start({ seed: 9 })).rejects.toMatchObject({ code: 'option.invalid' });
  await project.writeRecipe(presetRecipe('dcgan-64', 3));
  await expect(start({})).rejects.toMatchObject({ code: 'training.recipe-changed' });
  expect((await latestRun(project))?.id).toBe('0001');
});

it('keeps to being tuned or not, unless told otherwise', async () => {
  const untuned = async () => (await latestRun(project))?.untuned;
  await start({ untuned: true });
  expect(await untuned()).toBe(true);
  await start({});
  expect(await untuned()).toBe(true);
  await start({ untuned: false });
  expect(await untuned()).toBe(false);
  await start({ fresh: true });
  expect(await untuned()).toBe(false);
});

it('tunes a new run unless its seed is given, and begins one with an earlier seed as that one was begun', async () => {
  const begin = async (params: Parameters<typeof start>[0]) => {
    await start({ ...params, fresh: true });
    return (await latestRun(project))?.untuned;
  };
  expect(await begin({})).toBe(false);
  expect(await begin({ seed: 7 })).toBe(true);
  expect(await begin({ seed: 8, untuned: false })).toBe(false);
  expect(await begin({ seed: 8 })).toBe(false);
  expect(await begin({ seed: 7 })).toBe(true);
  expect(await begin({ seed: 7, untuned: false })).toBe(false);
});

it('past the goal of falling learning rates says that they stay low', async () => {
  const open = await OpenProject.read(project, undefined);
  const goal = recipe.training.steps;
  const codeFrom = (step: number, rateDecay: number) => {
    const falling = { ...recipe, training: { ...recipe.training, rateDecay, rateAtEnd: 0.02 } };
    return warningOfStart({ recipe: falling, curation: open.curation }, step, undefined);
  };
  expect(codeFrom(goal - 1, 0.5)).toBeUndefined();
  expect(codeFrom(goal, 0)).toBeUndefined();
  expect(codeFrom(goal, 0.5)).toMatchObject({ code: 'training.beyond-goal', facts: { goal, percent: 2 } });
});
