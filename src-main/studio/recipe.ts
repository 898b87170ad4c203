import { fail } from '#shared/contract/errors';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';
import { estimateMemory } from './trainingMemory';

export function recipeHandlers({ projects, events, sampler, runs, jobs }: StudioContext): AreaHandlers<'recipe'> {
  return {
    // A recipe with a misfit is kept all the same: it is work in progress, and the editor names the layer. Training refuses it.
    'recipe.set': async ({ projectId, recipe }) => {
      const open = await projects.writable(projectId);
      const { state } = open.status.run;
      if (state !== 'none' && state !== 'stopped') fail('training.running');
      await open.project.writeRecipe(recipe);
      open.recipe = recipe;
      events.emit('project.changed', { project: open.detail });
      return open.detail;
    },
    'recipe.memory': ({ recipe, batchSize = recipe.training.batchSize }) => estimateMemory(sampler, recipe, batchSize),
    'recipe.time': ({ recipe, batchSize = recipe.training.batchSize, jobId, ...choice }) =>
      jobs.run(jobId, (job) => runs.time(recipe, batchSize, choice, job)),
  };
}
