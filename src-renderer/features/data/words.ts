import { presets } from '#shared/recipe/presets';
import type { Recipe } from '#shared/recipe/recipe';
import type { DatasetSummary, SkipCode, SkippedFile } from '#shared/contract/types';
import { describeImage } from '../../app/readiness';
import { formatCount, formatCounted } from '../../ui/format';

/** Why a file was not taken, in plain words: a heading and what can be done. */
const skipWords: Readonly<Record<SkipCode, readonly [title: string, advice: string]>> = {
  'not-a-picture': ['Not pictures', 'Other files in the folder. Nothing to do.'],
  corrupt: ['Damaged', 'The picture ends early or its data make no sense. Save it again from its source.'],
  empty: ['Empty files', 'They hold nothing at all.'],
  'too-large': ['Files too large', 'Save them smaller, then add them again.'],
  'too-many-pixels': ['Too many pixels', 'Scale them down first; training uses small pictures anyway.'],
  timeout: ['Took too long to open', 'Save them in a plain format such as PNG or JPEG.'],
  unreadable: ['Could not be opened', 'Check the permissions of these files.'],
  unsupported: [
    'Formats that are not read',
    'Save them as PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP. Videos: drop them into the window, which takes their frames.',
  ],
  archive: ['Archives that could not be opened', 'Unpack them with another program and add the folder.'],
  labels: ['Classes', 'What these say about classes was left out; the pictures themselves were taken.'],
};

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
    .map(([code, files]) => ({ code, title: skipWords[code][0], advice: skipWords[code][1], files }))
    .toSorted((a, b) => b.files.length - a.files.length);
}

/** The one sentence after an import: `328 pictures, 64 × 64, colour. Proposed: Studio 64×64, 10 000 steps.` */
export function importSentence(dataset: DatasetSummary, recipe: Recipe): string {
  const preset = presets.find(({ id }) => id === recipe.preset)?.title ?? recipe.preset;
  return `${formatCounted(dataset.images, 'picture')}, ${describeImage(dataset)}. Proposed: ${preset}, ${formatCount(recipe.training.steps)} steps.`;
}
