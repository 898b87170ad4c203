import type { ImportProposal } from '#shared/contract/types';
import { withClasses } from '#shared/recipe/conditional';
import { familyOf, isUntouchedPreset, proposeRecipe } from '#shared/recipe/presets';
import type { OpenProject } from './openProject';

/** Gives a project whose recipe nobody edited the one of its family that suits its pictures; a run that goes on keeps its own. */
export async function suitRecipe(open: OpenProject, { size, channels }: ImportProposal): Promise<void> {
  const { image, classes } = open.recipe;
  if (image.size === size && image.channels === channels) return;
  const { state } = open.status.run;
  if (!isUntouchedPreset(open.recipe) || (state !== 'none' && state !== 'stopped')) return;
  const recipe = withClasses(proposeRecipe({ size, channels }, familyOf(open.recipe)), classes);
  await open.project.writeRecipe(recipe);
  open.recipe = recipe;
}
