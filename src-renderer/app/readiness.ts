import type { CheckedRecipe } from '#shared/recipe/check';
import { picturesFit } from '#shared/recipe/pictureFit';
import type { Recipe } from '#shared/recipe/recipe';
import type { CurationSummary, ProjectDetail } from '#shared/contract/types';
import { classNames } from './classNames';
import type { RoomId } from './rooms';

/** Whether training could start now; if not, why, and the room where that is mended. */
export type Readiness =
  { readonly ready: true } | { readonly ready: false; readonly reason: string; readonly room: RoomId };

/** Decides {@link Readiness} from what is on screen; the studio checks again. */
export function trainingReadiness(
  project: ProjectDetail | undefined,
  recipe: Recipe | undefined,
  checked: CheckedRecipe | undefined,
): Readiness {
  const not = (reason: string, room: RoomId): Readiness => ({ ready: false, reason, room });
  if (!project || !recipe || !checked) return not('Open a project first.', 'data');
  if (project.readOnly) return not('This project is open in another Ganvas.', 'data');
  const { dataset } = project;
  if (!dataset || dataset.images === 0) return not('There are no pictures yet.', 'data');
  const [problem] = checked.problems;
  if (problem) return not(`The ${problem.network} does not fit: ${problem.problem}.`, 'model');
  if (!picturesFit(dataset, recipe.image)) {
    return not(
      `The pictures are ${describeImage(dataset)}, the networks are made for ${describeImage(recipe.image)}.`,
      'model',
    );
  }
  const names = classNames(project.curation);
  if (recipe.classes.length > 0 && recipe.classes.toSorted().join('\n') !== names.toSorted().join('\n')) {
    return not('The classes of the pictures are no longer those that the networks are made for.', 'model');
  }
  const usable = usablePictures(recipe, project.curation);
  if (usable < recipe.training.batchSize) {
    const room = usable < dataset.images ? 'data' : 'model';
    return not(`${usable} pictures to train on are fewer than one batch of ${recipe.training.batchSize}.`, room);
  }
  return { ready: true };
}

/** How many pictures a run reads: of networks that look at classes, those alone that have one. */
export function usablePictures(
  { classes: wanted }: Pick<Recipe, 'classes'>,
  { trained, classes }: CurationSummary,
): number {
  return wanted.length > 0 ? classes.reduce((sum, { pictures }) => sum + pictures, 0) : trained;
}

/** `64 × 64, colour`. */
export function describeImage({ size, channels }: { readonly size: number; readonly channels: 1 | 3 }): string {
  return `${size} × ${size}, ${channels === 3 ? 'colour' : 'grey'}`;
}
