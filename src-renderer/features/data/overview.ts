import type { Result } from '#shared/contract/api';
import { pictureFlagNames, pictureFlags, type PictureFlag } from '#shared/contract/pictureFlags';
import { passes, sideBounds, type PictureFilter, type SideRange } from '#shared/dataset/filter';

/** The pack at a glance, decoded. */
export interface Overview {
  readonly revision: number;
  readonly count: number;
  readonly marks: Uint32Array;
  readonly classNumbers: Uint16Array;
  /** Of the pictures' own files, pixels; 0 where that is not known. */
  readonly shorterSides: Uint16Array;
  readonly classes: readonly string[];
  readonly order: Uint32Array | undefined;
}

export function decodeOverview(answer: Result<'curation.overview'>): Overview {
  const { marks, classNumbers, shorterSides, order, ...rest } = answer;
  // Copies: what a message holds need not be aligned.
  return {
    ...rest,
    marks: new Uint32Array(marks.slice().buffer),
    classNumbers: new Uint16Array(classNumbers.slice().buffer),
    shorterSides: new Uint16Array(shorterSides.slice().buffer),
    order: order && new Uint32Array(order.slice().buffer),
  };
}

/** Whether a picture, by its place in the pack, passes a filter. */
export function passing(
  { classes, classNumbers, marks, shorterSides }: Overview,
  filter: PictureFilter,
): (picture: number) => boolean {
  const { class: name } = filter;
  const number = name ? classes.indexOf(name) + 1 : 0;
  return (picture) =>
    (name === undefined || classNumbers[picture] === number) &&
    passes(filter, marks[picture] ?? 0, shorterSides[picture] ?? 0);
}

/** Pictures of each class, those without one first. */
export function countClasses({ classes, classNumbers }: Overview): readonly number[] {
  const counts = new Array<number>(classes.length + 1).fill(0);
  for (const number of classNumbers) counts[number] = (counts[number] ?? 0) + 1;
  return counts;
}

/** What the import noted, and of how many pictures. */
export function countFlags({ marks }: Overview): readonly (readonly [PictureFlag, number])[] {
  const count = (mask: number) => marks.reduce((sum, bits) => (bits & mask ? sum + 1 : sum), 0);
  const counts = pictureFlagNames.map((flag) => [flag, count(1 << pictureFlags[flag].bit)] as const);
  return counts.filter(([, pictures]) => pictures > 0);
}

/** The ranges of sizes that have pictures, and how many. */
export function countSides({ shorterSides }: Overview): readonly (readonly [SideRange, number])[] {
  const counts = sideBounds.map(() => 0);
  for (const side of shorterSides) {
    const range = sideBounds.findLastIndex((bound) => side >= bound);
    if (range >= 0) counts[range] = (counts[range] ?? 0) + 1;
  }
  const ranges = sideBounds.map((from, place) => [rangeAt(from, sideBounds[place + 1]), counts[place] ?? 0] as const);
  return ranges.filter(([, pictures]) => pictures > 0);
}

const rangeAt = (from: number, below: number | undefined): SideRange => ({ from, ...(below && { below }) });
