import type { PictureDetail, PictureOverview, PictureStatistics } from '#shared/contract/types';
import { aspectBounds, sideBounds, type PictureFilter } from '#shared/dataset/filter';
import { marksOf, type SortId } from '#shared/dataset/marks';
import { placesOf } from './curationEdits';
import type { CurationRecord } from './curationFile';
import { fitOf } from './curationState';
import { classesIn, classIn, marksIn, openGroups } from './pictureMarks';
import type { PictureTable } from './pictureTable';

/** A pack under its curation, column by column. */
export function overviewOf(table: PictureTable, { revision, curation }: CurationRecord, sort: SortId): PictureOverview {
  const classes = classesIn(table, curation);
  const numbers = new Map(classes.map((name, number) => [name, number + 1]));
  const classNumbers = Uint16Array.from({ length: table.count }, (_, picture) => {
    const name = classIn(table, curation, picture);
    return name === undefined ? 0 : (numbers.get(name) ?? 0);
  });
  const overview = {
    revision,
    count: table.count,
    marks: bytesOf(marksIn(table, curation)),
    classNumbers: bytesOf(classNumbers),
    shorterSides: bytesOf(Uint16Array.from({ length: table.count }, (_, picture) => table.shorterSideOf(picture))),
    classes,
  };
  return sort === 'added' ? overview : { ...overview, order: bytesOf(sorted(table, curation, sort)) };
}

/** As the contract carries numbers: all machines that this runs on are little-endian. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function sorted(
  table: PictureTable,
  curation: CurationRecord['curation'],
  sort: Exclude<SortId, 'added'>,
): Uint32Array {
  const places = Uint32Array.from({ length: table.count }, (_, picture) => picture);
  const by = (value: (picture: number) => number) => places.sort((a, b) => value(a) - value(b) || a - b);
  switch (sort) {
    case 'name': {
      const names = Array.from(places, (picture) => table.nameOf(picture));
      // As people count: 9 before 10.
      const { compare } = new Intl.Collator('en', { numeric: true });
      return places.sort((a, b) => compare(names[a] ?? '', names[b] ?? '') || a - b);
    }
    case 'size':
      return by((picture) => table.pixelsOf(picture));
    case 'brightness':
      return by((picture) => table.columns.mean[picture] as number);
    case 'contrast':
      return by((picture) => table.columns.deviation[picture] as number);
    case 'alike': {
      const group = new Map(
        openGroups(table, curation).flatMap((pictures, number) => pictures.map((one) => [one, number])),
      );
      return by((picture) => group.get(picture) ?? Infinity);
    }
  }
}

/** What is known of single pictures; places beyond the pack's end are left out. */
export function describePictures(
  table: PictureTable,
  { curation }: CurationRecord,
  indices: readonly number[],
): readonly PictureDetail[] {
  const marks = marksIn(table, curation);
  const { sides, bytes, frame, mean, deviation } = table.columns;
  return indices
    .filter((picture) => picture < table.count)
    .map((picture) => {
      const id = table.ids[picture] ?? '';
      return {
        index: picture,
        id,
        name: table.nameOf(picture),
        width: sides[2 * picture] as number,
        height: sides[2 * picture + 1] as number,
        bytes: bytes[picture] as number,
        frame: (frame[picture] as number) < 0 ? undefined : frame[picture],
        class: classIn(table, curation, picture),
        marks: marksOf(marks[picture] as number),
        fit: fitOf(curation, id, table.fit),
        mean: mean[picture] as number,
        deviation: deviation[picture] as number,
      };
    });
}

/** Bounds of the ranges of lightness and contrast, each from its bound up to the next. */
const LUMA = Array.from({ length: 16 }, (_, range) => range * 16);

/** What the pictures of a view are like. */
export function statisticsOf(
  table: PictureTable,
  { curation }: CurationRecord,
  filter: PictureFilter,
): PictureStatistics {
  const pictures = placesOf(table, curation, { kind: 'filter', filter });
  const { sides, mean, deviation } = table.columns;
  const known = pictures.filter((picture) => table.pixelsOf(picture) > 0);
  const side = (picture: number, which: 0 | 1) => sides[2 * picture + which] as number;
  return {
    pictures: pictures.length,
    sides: counted(sideBounds, known, (picture) => table.shorterSideOf(picture)),
    aspects: counted(aspectBounds, known, (picture) => side(picture, 0) / side(picture, 1)),
    brightness: counted(LUMA, pictures, (picture) => mean[picture] as number),
    contrast: counted(LUMA, pictures, (picture) => deviation[picture] as number),
  };
}

function counted(
  bounds: readonly number[],
  pictures: readonly number[],
  valueOf: (picture: number) => number,
): readonly (readonly [number, number])[] {
  const counts = bounds.map(() => 0);
  for (const picture of pictures) {
    const range = bounds.findLastIndex((bound) => valueOf(picture) >= bound);
    counts[Math.max(0, range)] = (counts[Math.max(0, range)] ?? 0) + 1;
  }
  return bounds.map((bound, range) => [bound, counts[range] ?? 0]);
}
