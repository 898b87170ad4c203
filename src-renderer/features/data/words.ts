import { presets } from '#shared/recipe/presets';
import type { Recipe } from '#shared/recipe/recipe';
import type { DatasetSummary, SkipCode, SkippedFile } from '#shared/contract/types';
import { describeImage } from '../../app/readiness';
import { formatCount, formatCounted } from '../../ui/format';
import { skipCodes } from '#shared/contract/skipCodes';

export interface SkippedGroup {
  readonly code: SkipCode;
  readonly title: string;
  readonly advice: string;
  readonly files: readonly SkippedFile[];
}

/** Skipped files by reason, the most frequent first. */
export function groupSkipped(skipped: readonly SkippedFile[]): readonly SkippedGroup[] {
  const byCode = new Map<SkipCode, SkippedFile[]>();
  for (const file of skipped) {
    const files = byCode.get(file.code);
    if (files) files.push(file);
    else byCode.set(file.code, [file]);
  }
  return [...byCode]
    .map(([code, files]) => ({ code, ...skipCodes[code], files }))
    .toSorted((a, b) => b.files.length - a.files.length);
}

/** The one sentence after an import: `328 pictures, 64 × 64, colour. Proposed: Studio 64×64, 10 000 steps.` */
export function importSentence(dataset: DatasetSummary, recipe: Recipe): string {
  const preset = presets.find(({ id }) => id === recipe.preset)?.title ?? recipe.preset;
  return `${formatCounted(dataset.images, 'picture')}, ${describeImage(dataset)}. Proposed: ${preset}, ${formatCount(recipe.training.steps)} steps.`;
}
