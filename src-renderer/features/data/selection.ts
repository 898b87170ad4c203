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

/** What of a selection is still on the wall. */
export function keepInSight({ pictures, focus, anchor }: WallSelection, shown: ArrayLike<number>): WallSelection {
  const last = Math.max(0, shown.length - 1);
  const places = { focus: Math.min(focus, last), anchor: Math.min(anchor, last) };
  if (pictures.size === 0) return { pictures, ...places };
  const inSight = new Set(Array.from(shown));
  return { pictures: new Set([...pictures].filter((picture) => inSight.has(picture))), ...places };
}
