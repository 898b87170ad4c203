import { randomInt } from 'node:crypto';
import type { CheckedParams } from '#shared/contract/api';
import { fail, toErrorData, GanvasError, type ErrorData } from '#shared/contract/errors';
import type { CurationSummary } from '#shared/contract/types';
import { checkRecipe } from '#shared/recipe/check';
import { picturesFit } from '#shared/recipe/pictureFit';
import { sameNetworks, type Recipe } from '#shared/recipe/recipe';
import { microBatchSize } from '#shared/recipe/training';
import { newestCheckpointStep } from '../store/checkpoints';
import { takeOverForms } from '../store/forms';
import type { Project } from '../store/project';
import { createRun, latestRun, recordRunEnd, type Run } from '../store/runs';
import type { OpenProject } from './openProject';

/** Fails with what keeps a project from being trained: its networks, its pictures, or both together. */
export function checkStart({ recipe, dataset, curation }: OpenProject, batchSize: number): void {
  const [problem] = checkRecipe(recipe).problems;
  if (problem) fail('recipe.misfit', { problem: problem.problem });
  microBatchSize(recipe.training, batchSize);
  if (!dataset || dataset.images === 0) return fail('dataset.empty');
  const { size, channels } = recipe.image;
  if (!picturesFit(dataset, recipe.image)) {
    const inWords = (side: number, depth: number) => `${side}×${side} in ${depth === 1 ? 'grey' : 'colour'}`;
    fail('training.dataset-changed', {
      dataset: inWords(dataset.size, dataset.channels),
      recipe: inWords(size, channels),
    });
  }
  const count = recipe.classes.length > 0 ? checkClasses(recipe.classes, curation.classes) : curation.trained;
  if (count < batchSize) fail('training.too-few-pictures', { count, batch: batchSize });
}

/** Fails where the recipe's classes are not those of the pictures; how many pictures have one. */
function checkClasses(wanted: readonly string[], present: CurationSummary['classes']): number {
  const names = present.map(({ name }) => name);
  const missing = wanted.filter((name) => !names.includes(name));
  const added = names.filter((name) => !wanted.includes(name));
  if (missing.length > 0 || added.length > 0) {
    const inWords = [...added.map((name) => `new: ${name}`), ...missing.map((name) => `gone: ${name}`)];
    const difference = `${inWords.slice(0, 5).join(', ')}${inWords.length > 5 ? ', …' : ''}`;
    fail('training.classes-changed', { recipe: wanted.length, present: names.length, difference });
  }
  return present.reduce((sum, { pictures }) => sum + pictures, 0);
}

/** How the last run ended, where a worker of its own is called for: the program died in it, or the worker alone did. */
export function brokeOff({ run }: OpenProject): 'program' | 'worker' | undefined {
  if (!run) return undefined;
  if (!run.end) return 'program';
  return run.end.error?.code === 'training.worker-lost' ? 'worker' : undefined;
}

/** What the user should know of a start that goes well: from a step, after a run that ended so (see {@link brokeOff}). */
export function warningOfStart(
  { recipe, curation }: Pick<OpenProject, 'recipe' | 'curation'>,
  from: number,
  broken: ReturnType<typeof brokeOff>,
): ErrorData | undefined {
  if (broken === 'program') return toErrorData(new GanvasError('training.apart'));
  const { steps, rateDecay, rateAtEnd } = recipe.training;
  if (rateDecay > 0 && from >= steps) {
    return toErrorData(new GanvasError('training.beyond-goal', { goal: steps, percent: rateAtEnd * 100 }));
  }
  if (recipe.classes.length === 0) return undefined;
  const count = curation.classes.reduce((left, { pictures }) => left - pictures, curation.trained);
  return count > 0 ? toErrorData(new GanvasError('training.unlabelled', { count })) : undefined;
}

const isSame = (run: Run, recipe: Recipe, seed: number | undefined) =>
  sameNetworks(run.recipe, recipe) && (seed === undefined || seed === run.seed);

/** The run that a start is about: the newest one where it can go on, else a new one, marked as going on. */
export async function runToTrain(
  { project, recipe }: OpenProject,
  { budget, fresh, seed, untuned }: CheckedParams<'training.start'>,
): Promise<Run> {
  const newest = fresh ? undefined : await latestRun(project);
  const checkpoint = newest && (await newestCheckpointStep(newest.dir));
  // A run without a checkpoint never got anywhere, for instance because its device failed: it binds nobody to its seed or networks.
  const binding = checkpoint !== undefined || (newest && isSame(newest, recipe, seed));
  if (!newest || !binding) return newRun(project, recipe, seed, untuned);
  if (!sameNetworks(newest.recipe, recipe)) fail('training.recipe-changed');
  if (seed !== undefined && seed !== newest.seed) {
    fail('option.invalid', {
      option: 'The seed',
      value: seed,
      problem: `the run that goes on has the seed ${newest.seed}; another one needs a new run (--fresh)`,
    });
  }
  const goal = recipe.training.steps;
  if (budget.kind === 'goal' && (checkpoint ?? 0) >= goal) {
    fail('training.goal-reached', { goal });
  }
  return recordRunEnd({ ...newest, untuned: untuned ?? newest.untuned }, undefined);
}

/** With a seed that the project has trained with before, in the forms of then: the same numbers come of it, wherever its folder was carried. */
async function newRun({ dir }: Project, recipe: Recipe, seed: number | undefined, untuned?: boolean): Promise<Run> {
  const earlier = seed === undefined ? undefined : await latestRun({ dir }, (run) => isSame(run, recipe, seed));
  const isUntuned = untuned ?? earlier?.untuned ?? seed !== undefined;
  const run = await createRun({ dir }, { recipe, seed: seed ?? randomInt(2 ** 31), untuned: isUntuned });
  if (earlier) await takeOverForms(earlier.dir, run.dir);
  return run;
}
