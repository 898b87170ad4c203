import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureDetail } from '#shared/contract/types';
import type { Selection } from '#shared/dataset/curation';
import { passes, type PictureFilter } from '#shared/dataset/filter';
import { matchesGlob } from '#shared/dataset/glob';
import { idOf, missing, type Call, type DatasetOptions } from './call';

export const filterOf = ({
  view = 'all',
  class: name,
  unclassed,
  flag,
  minSide,
  maxSide,
}: DatasetOptions): PictureFilter => ({
  view,
  ...(name !== undefined && { class: name }),
  ...(unclassed && { class: null }),
  ...(flag !== undefined && { flag }),
  ...((minSide !== undefined || maxSide !== undefined) && {
    side: { from: minSide ?? 1, ...(maxSide !== undefined && { below: maxSide + 1 }) },
  }),
});

/** Whether an action is about all pictures: none is named, by itself or by what it is. */
export const isAboutAll = ({ pictures, options }: Pick<Call, 'pictures' | 'options'>): boolean =>
  pictures.length === 0 && !isFiltered(options);

const isFiltered = ({ view, class: name, unclassed, flag, minSide, maxSide }: DatasetOptions): boolean =>
  [view, name, unclassed, flag, minSide, maxSide].some((option) => option !== undefined);

const isNumber = (text: string) => /^\d{1,9}$/.test(text);
const isHash = (text: string) => /^[0-9a-f]{64}$/.test(text);

/** The pictures that a change is about: by numbers, by hashes, by patterns, or by a view. */
export function selectionOf({ pictures, options }: Pick<Call, 'pictures' | 'options'>): Selection {
  if (pictures.length === 0) {
    if (!isFiltered(options))
      missing('pictures', 'name some, or give --view, --class, --flag, --min-side or --max-side');
    return { kind: 'filter', filter: filterOf(options) };
  }
  if (pictures.every(isNumber)) return { kind: 'indices', indices: pictures.map(Number) };
  if (pictures.every(isHash)) return { kind: 'ids', ids: [...pictures] };
  const given = (problem: string) =>
    fail('option.invalid', { option: 'pictures', value: pictures.slice(0, 3).join(' '), problem });
  if (pictures.some((text) => isNumber(text) || isHash(text)))
    given('they are numbers, or hashes, or patterns of names; one kind at a time');
  if (pictures.length > limits.globs)
    given(`at most ${limits.globs} patterns at once (put them in quotes, or the shell makes many of one)`);
  return { kind: 'names', globs: [...pictures] };
}

/** The pictures that are asked about, in their order: those that are named, else those of the view. Described as they are taken. */
export async function* picturesOf(call: Call): AsyncGenerator<PictureDetail> {
  const named = namedBy(call.pictures);
  const { class: wanted } = filterOf(call.options);
  for await (const detail of described(call, await candidates(call))) {
    if (named(detail) && (wanted === undefined || (detail.class ?? null) === wanted)) yield detail;
  }
}

/** Whether a picture is one of those that were named; all are where none was. */
export function namedBy(pictures: readonly string[]): (detail: PictureDetail) => boolean {
  if (pictures.length === 0) return () => true;
  return ({ index, id, name }) =>
    pictures.some((text) => text === String(index) || text === id || matchesGlob(text, name));
}

/** Places of pictures among which are all that are asked about. */
async function candidates({ studio, project, pictures, options }: Call): Promise<Iterable<number>> {
  if (pictures.length > 0 && pictures.every(isNumber)) return [...new Set(pictures.map(Number))].sort((a, b) => a - b);
  const overview = await studio.call('curation.overview', { projectId: project.summary.id, sort: 'added' }, 'host');
  const places = Array.from({ length: overview.count }, (_, picture) => picture);
  if (pictures.length > 0) return places;
  const wanted = filterOf(options);
  const sides = new Uint16Array(overview.shorterSides.slice().buffer);
  const marks = new Uint32Array(overview.marks.slice().buffer);
  return places.filter((picture) => passes(wanted, marks[picture] ?? 0, sides[picture] ?? 0));
}

/** Describes pictures by their places, no more of them than are taken and one call answers; places that there are not have none. */
export async function* described(call: Call, places: Iterable<number>): AsyncGenerator<PictureDetail> {
  const indices = [...places];
  for (let from = 0; from < indices.length; from += limits.thumbnails) {
    const params = { projectId: idOf(call), indices: indices.slice(from, from + limits.thumbnails) };
    yield* await call.studio.call('curation.describe', params, 'host');
  }
}

/** The first `count` of them. */
export async function firstOf<T>(all: AsyncIterable<T>, count: number): Promise<T[]> {
  const first: T[] = [];
  if (count === 0) return first;
  for await (const one of all) if (first.push(one) >= count) break;
  return first;
}
