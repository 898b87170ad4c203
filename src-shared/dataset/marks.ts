import { z } from 'zod';
import { bitsOf, pictureFlagNames, pictureFlags, type PictureFlag } from '../contract/pictureFlags';

/** What a curation says of a picture, as bits above those of the import's flags: one number has both. */
const curationMarks = {
  excluded: 16,
  'held-out': 17,
  'near-duplicate': 18,
  outlier: 19,
  /** It has a fit of its own. */
  fitted: 20,
} as const;

export type CurationMark = keyof typeof curationMarks;
export type PictureMark = PictureFlag | CurationMark;

export const markBit = (mark: CurationMark): number => 1 << curationMarks[mark];

/** All marks of a picture by name. */
export const marksOf = (bits: number): PictureMark[] => [
  ...pictureFlagNames.filter((flag) => (bits >>> pictureFlags[flag].bit) & 1),
  ...(Object.keys(curationMarks) as CurationMark[]).filter((mark) => bits & markBit(mark)),
];

const MENDED = bitsOf(pictureFlagNames.filter((flag) => pictureFlags[flag].kind === 'mended'));

interface View {
  readonly title: string;
  /** A picture belongs to the view if it has any of these marks, and none of those. */
  readonly any?: number;
  readonly none?: number;
  /** What it means, and what to do. */
  readonly advice: string;
}

/** The views of a pack: which of its pictures are looked at. */
export const views = {
  all: { title: 'All', advice: 'Every picture of the project.' },
  included: { title: 'Trained on', none: markBit('excluded') | markBit('held-out'), advice: 'What a run reads.' },
  excluded: {
    title: 'Excluded',
    any: markBit('excluded'),
    advice: 'Left out of training until they are included again.',
  },
  'held-out': {
    title: 'Held out',
    any: markBit('held-out'),
    none: markBit('excluded'),
    advice: 'Kept from training, to measure it by.',
  },
  'near-duplicates': {
    title: 'Near duplicates',
    any: markBit('near-duplicate'),
    advice: 'Pictures that look alike. Many of them make the generator repeat them.',
  },
  mended: { title: 'Repaired', any: MENDED, advice: 'Changed into something usable by the import. Look at them once.' },
  small: { title: 'Small', any: bitsOf(['too-small']), advice: pictureFlags['too-small'].advice },
  dark: { title: 'Dark', any: bitsOf(['too-dark']), advice: pictureFlags['too-dark'].advice },
  blank: { title: 'Blank', any: bitsOf(['near-blank']), advice: pictureFlags['near-blank'].advice },
  grey: { title: 'Grey', any: bitsOf(['grey']), advice: pictureFlags.grey.advice },
  outliers: {
    title: 'Outliers',
    any: markBit('outlier'),
    advice:
      'Much lighter, darker, flatter or longer than the others. One that does not belong teaches the wrong thing.',
  },
  fitted: { title: 'Own crop', any: markBit('fitted'), advice: 'Cropped by hand.' },
} as const satisfies Readonly<Record<string, View>>;

export type ViewId = keyof typeof views;
export const viewIds = Object.keys(views) as [ViewId, ...ViewId[]];

/** Whether a picture with these marks belongs to a view. */
export function inView(view: ViewId, bits: number): boolean {
  const { any, none }: View = views[view];
  return (any === undefined || (bits & any) !== 0) && (none === undefined || (bits & none) === 0);
}

/** How many pictures each view has, of those that are `meant`. `marks`: of all pictures, by their places. */
export function countViews(marks: Uint32Array, meant: (picture: number) => boolean): Record<ViewId, number> {
  // Of a hundred thousand pictures few differ in their marks: each kind is looked at once.
  const kinds = new Map<number, number>();
  marks.forEach((bits, picture) => {
    if (meant(picture)) kinds.set(bits, (kinds.get(bits) ?? 0) + 1);
  });
  const count = (view: ViewId): number =>
    [...kinds].reduce((sum, [bits, pictures]) => (inView(view, bits) ? sum + pictures : sum), 0);
  return Object.fromEntries(viewIds.map((view) => [view, count(view)])) as Record<ViewId, number>;
}

/** How a wall is ordered. */
export const sorts = {
  added: 'As added',
  name: 'Name',
  size: 'Size, smallest first',
  brightness: 'Brightness, darkest first',
  contrast: 'Contrast, flattest first',
  alike: 'Alike side by side',
} as const;
export type SortId = keyof typeof sorts;
export const Sort = z.enum(Object.keys(sorts) as [SortId, ...SortId[]]);
