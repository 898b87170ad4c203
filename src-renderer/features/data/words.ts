import { pictureFlags, type PictureFlag } from '#shared/contract/pictureFlags';
import { marksOf, type CurationMark, type PictureMark } from '#shared/dataset/marks';
import type { SideRange } from '#shared/dataset/filter';
import type { PictureFit } from '#shared/contract/types';
import { picturesFit } from '#shared/recipe/pictureFit';
import { presets } from '#shared/recipe/presets';
import type { Recipe } from '#shared/recipe/recipe';
import type {
  CurationSummary,
  DatasetSummary,
  DuplicateFile,
  ImportCounts,
  ImportSummary,
  ReportCode,
  ReportedFiles,
} from '#shared/contract/types';
import { describeImage } from '../../app/readiness';
import { formatCount, formatCounted, formatDuration, formatMoment, formatNumber } from '../../ui/format';
import { pictureSize } from '../../video/frameChoice';
import type { OpenVideo } from '../../video/openVideo';
import type { CropTarget } from './cropChange';
import { reportCodes } from '#shared/contract/reportCodes';
import { skipCodes } from '#shared/contract/skipCodes';

/** What an import says of some files, and of how many. */
export interface ReportGroup {
  readonly code: ReportCode;
  readonly title: string;
  readonly advice: string;
  readonly files: number;
}

/** Counts by code: first what was not taken, then what was there already, then what was mended; of each the most frequent first. */
export function reportGroups(byCode: ImportCounts['byCode']): readonly ReportGroup[] {
  return Object.entries(byCode)
    .map(([name, files]) => {
      const code = name as ReportCode;
      const { title, advice } = reportCodes[code];
      return { code, title, advice, files };
    })
    .toSorted((a, b) => rank(a.code) - rank(b.code) || b.files - a.files);
}

function rank(code: ReportCode): number {
  if (Object.hasOwn(skipCodes, code)) return 0;
  if (Object.hasOwn(pictureFlags, code)) return 3;
  // A class must be chosen; of files that came again there is nothing more to say.
  return code === 'class-conflict' ? 1 : code === 'again' ? 4 : 2;
}

/** Files of a report that equal one picture. */
interface DuplicateGroup {
  readonly id: string;
  /** The picture's own file. */
  readonly name: string;
  /** In the pack; undefined when it is no longer there. */
  readonly place: number | undefined;
  readonly files: readonly DuplicateFile[];
  /** Classes that the files say, where the picture has another. */
  readonly found: readonly string[];
}

/** Duplicates by the picture that stays, in the order in which they were met. */
export function groupDuplicates(
  duplicates: readonly DuplicateFile[],
  places: ReportedFiles['places'],
): readonly DuplicateGroup[] {
  const byPicture = new Map<string, DuplicateFile[]>();
  for (const file of duplicates) byPicture.set(file.picture.id, [...(byPicture.get(file.picture.id) ?? []), file]);
  return [...byPicture].map(([id, files]) => {
    const found = [...new Set(files.flatMap(({ conflict }) => (conflict ? [conflict.found, conflict.kept] : [])))];
    return { id, name: files[0]?.picture.name ?? '', place: places[id], files, found };
  });
}

/** An import as one of several: when it was and what came, and what it did. */
export function importWords({ at, from, outcome, added, duplicates, skippedCount }: ImportSummary) {
  const title = [formatMoment(at), from.join(', ')].filter(Boolean).join(' · ');
  if (outcome !== 'done') return { title, detail: outcome };
  const detail = `${formatCount(added)} added, ${formatCount(duplicates)} there already, ${formatCount(skippedCount)} not taken`;
  return { title, detail };
}

/** What a video is: `1 min 5 s, 1 950 frames (30 a second), 1 920 × 1 080 px, taken as 1 024 × 576`. */
export function videoWords({ frames, seconds, width, height }: OpenVideo): string {
  const size = pictureSize(width, height);
  const taken = size.width < width ? `, taken as ${formatCount(size.width)} × ${formatCount(size.height)}` : '';
  const rate = `${formatNumber(frames / seconds)} a second`;
  return `${formatDuration(seconds)}, ${formatCounted(frames, 'frame')} (${rate}), ${formatCount(width)} × ${formatCount(height)} px${taken}`;
}

/** How close pictures of videos lie: `5 of each second`, `one for each 4 s`. */
export function paceWords(pictures: number, seconds: number): string {
  const rate = pictures / seconds;
  return rate < 1 ? `one for each ${formatDuration(1 / rate)}` : `${formatNumber(rate)} of each second`;
}

/** The one sentence after an import: `328 pictures, 64 × 64, colour. Proposed: Studio 64×64, 10 000 steps.` */
export function importSentence(dataset: DatasetSummary, recipe: Recipe): string {
  const preset = presets.find(({ id }) => id === recipe.preset)?.title ?? recipe.preset;
  return `${formatCounted(dataset.images, 'picture')}, ${describeImage(dataset)}. Proposed: ${preset}, ${formatCount(recipe.training.steps)} steps.`;
}

/** Why pictures that can be trained on are not seen as they are: `The networks are made for 32 × 32, grey: …` */
export function shrunkSentence(dataset: DatasetSummary, { image }: Recipe): string | undefined {
  if ((dataset.size === image.size && dataset.channels === image.channels) || !picturesFit(dataset, image)) {
    return undefined;
  }
  return `The networks are made for ${describeImage(image)}: training sees the pictures so, unless the recipe is changed.`;
}

const curationWords: Readonly<Record<CurationMark, string>> = {
  excluded: 'excluded',
  'held-out': 'held out',
  'near-duplicate': 'near duplicate',
  outlier: 'outlier',
  fitted: 'cropped by hand',
};

/** A mark in a word or two. */
export const markWord = (mark: PictureMark): string =>
  Object.hasOwn(curationWords, mark)
    ? curationWords[mark as CurationMark]
    : pictureFlags[mark as PictureFlag].title.toLowerCase();

/** The marks of a picture after its name: `, excluded, very dark`. */
export const markWords = (bits: number): string =>
  marksOf(bits)
    .map((mark) => `, ${markWord(mark)}`)
    .join('');

/** A range of shorter sides: `64 – 127 px`. */
export function sideWords({ from, below }: SideRange): string {
  return below === undefined
    ? `${formatCount(from)} px and more`
    : `${formatCount(from)} – ${formatCount(below - 1)} px`;
}

/** The ways of making a square, in a word or two; `square`: by hand. */
export const cropTitles: Readonly<Record<PictureFit['crop'] | 'square', string>> = {
  centre: 'Middle',
  attention: 'Smart',
  square: 'By hand',
  letterbox: 'Whole, with bars',
  stretch: 'Stretched',
};

/** The crop editor's heading: whom it is for, where that is more than the picture it shows. */
export function cropHeading(target: CropTarget, pictures: number): string {
  if (target === 'one') return 'Crop';
  return `Crop ${target === 'all' ? 'all ' : ''}${formatCounted(pictures, 'picture')}`;
}

export const cropWord = ({ crop, region }: PictureFit): string => cropTitles[region ? 'square' : crop].toLowerCase();

/** What of the pictures is trained on, where that is not all: `90 trained on, 2 excluded, 8 held out.` */
export function curationSentence({ trained, excluded, heldOut, unweighted }: CurationSummary): string | undefined {
  const left = [
    ['excluded', excluded],
    ['held out', heldOut],
    ['of classes that are not shown', unweighted],
  ] as const;
  const parts = left.filter(([, count]) => count > 0).map(([why, count]) => `${formatCount(count)} ${why}`);
  return parts.length > 0 ? `${formatCount(trained)} trained on, ${parts.join(', ')}.` : undefined;
}
