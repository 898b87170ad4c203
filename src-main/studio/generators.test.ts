import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initialState } from '../gan/network';
import { trialRecipe } from '../engine/trial';
import { saveCheckpoint } from '../store/checkpoints';
import { createProject } from '../store/project';
import { createRun } from '../store/runs';
import { temporaryFolder } from '../store/testing/temporaryFolder';
import { Generators } from './generators';
import { OpenProject } from './openProject';

const recipe = trialRecipe(2);
const weightsOf = (state: ReturnType<typeof initialState>) => state.generator.weights;

/** A project with a run and its checkpoint at step 3, whose average is all `average`, where there is one. */
async function trained(average?: number): Promise<OpenProject> {
  const dir = join(await temporaryFolder(), 'faces');
  const project = await createProject(dir, { name: 'Faces', recipe });
  const run = await createRun(project, { recipe, seed: 1 });
  const state = { ...initialState(recipe, 1), step: 3 };
  const { weights, running } = state.generator;
  const ema = average !== undefined && { ema: { weights: weights.map(() => average), running: running.slice() } };
  const progress = { seed: 1, images: 12, seconds: 1, datasetHash: 'none' };
  await saveCheckpoint(run.dir, { state: { ...state, ...ema }, ...progress });
  return OpenProject.read(project, undefined);
}

it('gives the average of a checkpoint, or the generator as its last step left it', async () => {
  const open = await trained(0.25);
  const generators = new Generators();
  const average = await generators.get(open);
  const newest = await generators.get(open, 'newest');
  expect(new Set(average.weights.weights)).toEqual(new Set([0.25]));
  expect(newest.weights.weights).toEqual(weightsOf(initialState(recipe, 1)));
  expect([average.weights.step, newest.weights.step]).toEqual([3, 3]);
  // The sampler, and the codes of pictures, tell generators apart by identity.
  expect(await generators.get(open, 'average')).toBe(average);
  expect(await generators.get(open, 'newest')).toBe(newest);
});

it('gives one and the same where no average is kept', async () => {
  const open = await trained();
  const generators = new Generators();
  expect(await generators.get(open, 'newest')).toBe(await generators.get(open));
});

it('takes both from a run in progress, and gives back what its samples are drawn by', async () => {
  const open = await trained(0.25);
  const generators = new Generators();
  const runId = open.run?.id ?? '';
  const floats = (value: number) => ({ weights: Float32Array.of(value), running: Float32Array.of(value) });
  const drawn = generators.set(open.id, runId, recipe, { ...floats(1), newest: floats(2), step: 3 });
  expect(await generators.get(open)).toBe(drawn);
  expect(drawn.weights).toEqual({ ...floats(1), step: 3 });
  expect((await generators.get(open, 'newest')).weights).toEqual({ ...floats(2), step: 3 });
});
