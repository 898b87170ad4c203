import { gridKey } from '../../ui/gridKeys';

/** Where each thumbnail of the wall lies: pure arithmetic in device pixels. */

export interface WallPlan {
  readonly columns: number;
  /** Device pixels a picture pixel, whole. */
  readonly scale: number;
  /** Side of a tile, and distance from one to the next. */
  readonly tile: number;
  readonly pitch: number;
  /** Of the whole wall. */
  readonly height: number;
}

interface WallRequest {
  readonly count: number;
  /** Side of a thumbnail, pixels. */
  readonly side: number;
  /** Width of the wall, device pixels. */
  readonly width: number;
  readonly density: number;
}

/** Side that a tile aims at, and the gaps between which two tiles lie, CSS pixels. */
const TILE_TARGET = 96;
const GAP_MIN = 6;
const GAP_MAX = 16;

export function planWall({ count, side, width, density }: WallRequest): WallPlan {
  const scale = Math.max(1, Math.round((TILE_TARGET * density) / side));
  const tile = side * scale;
  const smallest = Math.round(GAP_MIN * density);
  const columns = Math.max(1, Math.floor((width + smallest) / (tile + smallest)));
  // What is left over at the right widens the gaps.
  const spread = columns > 1 ? Math.floor((width - columns * tile) / (columns - 1)) : smallest;
  const gap = Math.max(smallest, Math.min(Math.round(GAP_MAX * density), spread));
  const pitch = tile + gap;
  const rows = Math.ceil(count / columns);
  return {
    columns,
    scale,
    tile,
    pitch,
    height: Math.max(0, rows * pitch - gap),
  };
}

/** Pictures that can be seen: from `first`, before `end`. */
export function visibleRange(
  { columns, pitch }: WallPlan,
  top: number,
  height: number,
  count: number,
): { readonly first: number; readonly end: number } {
  const first = Math.max(0, Math.floor(top / pitch)) * columns;
  const end = Math.ceil((top + height) / pitch) * columns;
  return { first: Math.min(first, count), end: Math.min(end, count) };
}

/** The picture at a place of the whole wall; undefined in the gaps. */
export function indexAt(plan: WallPlan, x: number, y: number, count: number): number | undefined {
  const { columns, pitch, tile } = plan;
  const column = Math.floor(x / pitch);
  const index = Math.floor(y / pitch) * columns + column;
  const inTile = x % pitch < tile && y % pitch < tile;
  return x >= 0 && y >= 0 && column < columns && inTile && index < count ? index : undefined;
}

/** Left and top of the tile at a place, on the whole wall. */
export function tileAt({ columns, pitch }: WallPlan, place: number): readonly [x: number, y: number] {
  return [(place % columns) * pitch, Math.floor(place / columns) * pitch];
}

/** Places whose tiles a box between two corners touches. */
export function placesIn(
  { columns, pitch, tile }: WallPlan,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  count: number,
): readonly number[] {
  // A tile begins at n·pitch and ends before n·pitch + tile.
  const span = (a: number, b: number, most: number) => {
    const first = Math.max(0, Math.floor((Math.min(a, b) - tile) / pitch) + 1);
    return [first, Math.min(most - 1, Math.floor(Math.max(a, b) / pitch))] as const;
  };
  const [left, right] = span(x0, x1, columns);
  const [top, bottom] = span(y0, y1, Math.ceil(count / columns));
  const places: number[] = [];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const place = row * columns + column;
      if (place < count) places.push(place);
    }
  }
  return places;
}

/** What a key does on the wall. */
export type WallAction =
  | { readonly kind: 'go'; readonly place: number; readonly range: boolean }
  | { readonly kind: 'toggle' | 'all' | 'none' | 'exclude' | 'include' | 'open' };

type WallKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** The action of a key press at the place `at`; undefined for keys that are not the wall's. `rows`: that are in sight. */
export function wallKey(
  press: WallKey,
  at: number,
  columns: number,
  count: number,
  rows: number,
): WallAction | undefined {
  const { key, shiftKey } = press;
  if (press.altKey) return undefined;
  if (press.ctrlKey || press.metaKey) return key.toLowerCase() === 'a' && !shiftKey ? { kind: 'all' } : undefined;
  const page = key === 'PageUp' ? -rows : key === 'PageDown' ? rows : undefined;
  const last = count - 1;
  const clamped = page === undefined ? undefined : Math.min(last, Math.max(0, at + page * columns));
  const place = clamped ?? gridKey(key, at, columns, count);
  if (place !== undefined) return count > 0 ? { kind: 'go', place, range: shiftKey } : undefined;
  const kinds: Readonly<Record<string, Exclude<WallAction['kind'], 'go'>>> = {
    ' ': 'toggle',
    Escape: 'none',
    Delete: 'exclude',
    Backspace: 'exclude',
    Insert: 'include',
    Enter: 'open',
  };
  const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
  return kind && { kind };
}
