import { isHeldOut } from '#shared/dataset/curation';
import { markBit } from '#shared/dataset/marks';
import { classOf, splitOf, type Curation } from './curationState';
import type { PictureTable } from './pictureTable';

/** A picture's class as it is now. */
export const classIn = (table: PictureTable, curation: Curation, picture: number): string | undefined =>
  classOf(curation, table.ids[picture] ?? '', table.importedClass(picture));

/** The names of all classes as they are now: the imported ones in their order, then those given by hand. */
export function classesIn(table: PictureTable, curation: Curation): readonly string[] {
  const imported = table.classNames.map((name) => curation.classNames.get(name) ?? name);
  return [...new Set([...imported, ...[...curation.classes.values()].toSorted()])];
}

/** The marks of all pictures, those of the import and those of the curation: bits as in shared/dataset/marks. */
export function marksIn(table: PictureTable, curation: Curation): Uint32Array {
  const split = splitOf(curation);
  const marks = Uint32Array.from(table.columns.flags);
  table.ids.forEach((id, picture) => {
    let own = marks[picture] as number;
    if (curation.excluded.has(id)) own |= markBit('excluded');
    if (isHeldOut(id, split)) own |= markBit('held-out');
    if (table.outliers.has(picture)) own |= markBit('outlier');
    if (curation.fits.has(id)) own |= markBit('fitted');
    marks[picture] = own;
  });
  for (const group of openGroups(table, curation)) {
    for (const picture of group) marks[picture] = (marks[picture] as number) | markBit('near-duplicate');
  }
  return marks;
}

/** Groups of near duplicates that nobody has decided about: what is left of each without what is excluded or kept. */
export function openGroups(table: PictureTable, { excluded, kept }: Curation): readonly (readonly number[])[] {
  const isOpen = (picture: number) => {
    const id = table.ids[picture] ?? '';
    return !excluded.has(id) && !kept.has(id);
  };
  return table.groups.map((group) => group.filter(isOpen)).filter(({ length }) => length > 1);
}
