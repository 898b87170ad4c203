/** What is selected of a wall's pictures, and how clicks and keys change it: places are those on the wall, pictures those of the pack. */
export interface WallSelection {
  readonly pictures: ReadonlySet<number>;
  /** Place that the keyboard is at, and that a range begins at. */
  readonly focus: number;
  readonly anchor: number;
}

export const nothingSelected: WallSelection = { pictures: new Set(), focus: 0, anchor: 0 };

/** How a place is picked: alone, added or taken away, or all from the anchor to it. */
export type Picking = 'one' | 'toggle' | 'range';

/** The way of picking that a click's or a key's modifiers ask for. */
export function pickingOf({
  shiftKey,
  ctrlKey,
  metaKey,
}: Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>): Picking {
  if (shiftKey) return 'range';
  return ctrlKey || metaKey ? 'toggle' : 'one';
}

/** The selection after a place was picked; `shown`: the wall's pictures, place by place. */
export function pick(
  { pictures, anchor }: WallSelection,
  shown: ArrayLike<number>,
  place: number,
  how: Picking,
): WallSelection {
  const picture = shown[place];
  if (picture === undefined) return { pictures, focus: 0, anchor: 0 };
  if (how === 'range') {
    const [from, to] = [Math.min(anchor, place), Math.max(anchor, place)];
    const range = Array.from({ length: to - from + 1 }, (_, step) => shown[from + step] ?? picture);
    return { pictures: new Set(range), focus: place, anchor };
  }
  if (how === 'one') return { pictures: new Set([picture]), focus: place, anchor: place };
  const toggled = new Set(pictures);
  if (!toggled.delete(picture)) toggled.add(picture);
  return { pictures: toggled, focus: place, anchor: place };
}

/** All pictures of the wall. */
export function pickAll({ focus, anchor }: WallSelection, shown: ArrayLike<number>): WallSelection {
  return { pictures: new Set(Array.from(shown)), focus, anchor };
}

/** Those at some places, in place of the ones before, or beside them. */
export function pickPlaces(
  before: WallSelection,
  shown: ArrayLike<number>,
  places: readonly number[],
  beside: boolean,
): WallSelection {
  const pictures = new Set(beside ? before.pictures : []);
  for (const place of places) {
    const picture = shown[place];
    if (picture !== undefined) pictures.add(picture);
  }
  return { ...before, pictures };
}

/** What of a selection is on a wall that took the place of `before`; focus and anchor stay with their pictures. */
export function keepInSight(
  selection: WallSelection,
  before: ArrayLike<number>,
  shown: ArrayLike<number>,
): WallSelection {
  // Before anything was picked there is no picture to stay with: a wall begins at its first.
  if (selection === nothingSelected) return selection;
  const { pictures, focus, anchor } = selection;
  const placeOf = placesOn(shown);
  const kept = new Set([...pictures].filter((picture) => placeOf(picture) !== undefined));
  const [chosen] = kept;
  const stay = (place: number) =>
    placeOf(before[place]) ?? placeOf(chosen) ?? nearest(before, place, placeOf) ?? nothingSelected.focus;
  return { pictures: kept, focus: stay(focus), anchor: stay(anchor) };
}

type PlaceOf = (picture: number | undefined) => number | undefined;

/** Where on a wall a picture is; quick also for a million of them. */
function placesOn(shown: ArrayLike<number>): PlaceOf {
  let last = -1;
  for (let place = 0; place < shown.length; place++) last = Math.max(last, shown[place] ?? -1);
  // 1 + the place, 0 for none.
  const places = new Uint32Array(last + 1);
  for (let place = 0; place < shown.length; place++) places[shown[place] ?? 0] = place + 1;
  return (picture) => {
    const place = picture === undefined ? 0 : (places[picture] ?? 0);
    return place === 0 ? undefined : place - 1;
  };
}

/** Place of the picture that came next on the wall before, or else last before it. */
function nearest(before: ArrayLike<number>, from: number, placeOf: PlaceOf): number | undefined {
  for (let place = from + 1; place < before.length; place++) {
    const found = placeOf(before[place]);
    if (found !== undefined) return found;
  }
  for (let place = from - 1; place >= 0; place--) {
    const found = placeOf(before[place]);
    if (found !== undefined) return found;
  }
  return undefined;
}
