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
