import { fail } from '#shared/contract/errors';
import type { PictureFit } from '#shared/contract/types';
import type { CurationEdit, Selection } from '#shared/dataset/curation';
import { matchesGlob } from '#shared/dataset/glob';
import { passes } from '#shared/dataset/filter';
import type { Change } from './curationFile';
import type { Curation, Patch } from './curationState';
import { classIn, marksIn, openGroups } from './pictureMarks';
import type { PictureTable } from './pictureTable';

/** Places of the pictures that are meant, in the pack's order; what is not in the pack is left out. */
export function placesOf(table: PictureTable, curation: Curation, selection: Selection): readonly number[] {
  switch (selection.kind) {
    case 'indices':
      return [...new Set(selection.indices)].filter((picture) => picture < table.count).sort((a, b) => a - b);
    case 'ids':
      return selection.ids.flatMap((id) => table.placeOf(id) ?? []);
    case 'names':
      return filtered(table, (picture) => {
        const name = table.nameOf(picture);
        return selection.globs.some((glob) => matchesGlob(glob, name));
      });
    case 'filter': {
      const { filter } = selection;
      const { class: wanted } = filter;
      const marks = marksIn(table, curation);
      return filtered(
        table,
        (picture) =>
          passes(filter, marks[picture] as number, table.shorterSideOf(picture)) &&
          (wanted === undefined || (classIn(table, curation, picture) ?? null) === wanted),
      );
    }
  }
}

function filtered({ count }: PictureTable, test: (picture: number) => boolean): readonly number[] {
  const places: number[] = [];
  for (let picture = 0; picture < count; picture++) if (test(picture)) places.push(picture);
  return places;
}

/** A change of a curation as the user asked for it: what to set, and what it is called. */
export function changeOf(edit: CurationEdit, table: PictureTable, curation: Curation): Change {
  const idsOf = (selection: Selection): readonly string[] => {
    const places = placesOf(table, curation, selection);
    return places.length > 0 ? places.map((picture) => table.ids[picture] ?? '') : fail('dataset.none-selected');
  };
  switch (edit.kind) {
    case 'exclude': {
      const { excluded } = edit;
      const ids = idsOf(edit.pictures).filter((id) => curation.excluded.has(id) !== excluded);
      return {
        label: `${excluded ? 'Excluded' : 'Included'} ${pictures(ids.length)}`,
        patch: { excluded: ids.map((id) => [id, excluded ? true : null]) },
      };
    }
    case 'nearDuplicates':
      return resolved(edit, table, curation);
    case 'assign': {
      const ids = idsOf(edit.pictures);
      const { class: name } = edit;
      const label = name === null ? 'Took back the class of' : `Gave the class “${short(name)}” to`;
      return { label: `${label} ${pictures(ids.length)}`, patch: { classes: ids.map((id) => [id, name]) } };
    }
    case 'rename':
      return renamed(edit, table, curation);
    case 'split': {
      const percent = `${Math.round(edit.split.heldOut * 1000) / 10} %`;
      return { label: `Held out ${percent}`, patch: { settings: [['split', edit.split]] } };
    }
    case 'sampling': {
      const { balanced, weights } = edit.sampling;
      const all = new Set([...curation.weights.keys(), ...Object.keys(weights)]);
      const entries = [...all].map((name) => {
        const weight = Object.hasOwn(weights, name) ? (weights[name] ?? 1) : 1;
        return [name, weight === 1 ? null : weight] as const;
      });
      return { label: 'Changed the sampling', patch: { weights: entries, settings: [['balanced', balanced || null]] } };
    }
    case 'fit': {
      if (edit.pictures) {
        const ids = idsOf(edit.pictures);
        const label = edit.fit === null ? 'Took back the crop of' : 'Cropped';
        return { label: `${label} ${pictures(ids.length)}`, patch: { fits: ids.map((id) => [id, edit.fit]) } };
      }
      return { label: 'Cropped all pictures', patch: fitOfAll(edit.fit, curation) };
    }
    case 'format': {
      const { size, channels, fit } = edit;
      return {
        label: `Made all pictures ${size} × ${size}, ${channels === 1 ? 'grey' : 'colour'}`,
        patch: fit ? fitOfAll(fit, curation) : {},
        format: { size, channels },
      };
    }
  }
}

/** What was cropped by hand follows too: all means all. */
const fitOfAll = (fit: PictureFit | null, { fits }: Curation): Patch => ({
  settings: [['fit', fit]],
  fits: [...fits.keys()].map((id) => [id, null] as const),
});

function resolved(
  { group, keep }: Extract<CurationEdit, { kind: 'nearDuplicates' }>,
  table: PictureTable,
  curation: Curation,
): Change {
  const open = openGroups(table, curation);
  const meant = group && new Set(placesOf(table, curation, group));
  const chosen = meant ? open.filter((pictures) => pictures.some((picture) => meant.has(picture))) : open;
  if (chosen.length === 0 || (keep === 'named' && !meant)) fail('dataset.none-selected');
  const stays = (picture: number, place: number): boolean =>
    (keep === 'named' ? meant?.has(picture) : place === 0) ?? false;
  const decided = chosen.flatMap((group) =>
    keep === 'all' ? group : group.filter((picture, place) => !stays(picture, place)),
  );
  const entries = decided.map((picture) => [table.ids[picture] ?? '', true] as const);
  const patch: Patch = keep === 'all' ? { kept: entries } : { excluded: entries };
  return { label: `${keep === 'all' ? 'Kept' : 'Excluded'} ${pictures(decided.length)}`, patch };
}

function renamed(
  { from, to }: { readonly from: string; readonly to: string },
  table: PictureTable,
  curation: Curation,
): Change {
  const imported = table.classNames.filter((name) => (curation.classNames.get(name) ?? name) === from);
  const given = [...curation.classes].filter(([, name]) => name === from).map(([id]) => id);
  if (imported.length === 0 && given.length === 0) fail('dataset.class-unknown', { class: from });
  const weight = curation.weights.get(from);
  return {
    label: `Renamed “${short(from)}” to “${short(to)}”`,
    patch: {
      classNames: imported.map((name) => [name, name === to ? null : to]),
      classes: given.map((id) => [id, to]),
      ...(weight !== undefined && {
        weights: [[from, null], ...(curation.weights.has(to) ? [] : [[to, weight] as const])],
      }),
    },
  };
}

const pictures = (count: number) => `${count} ${count === 1 ? 'picture' : 'pictures'}`;
const short = (name: string) => (name.length > 40 ? `${name.slice(0, 40)}…` : name);
