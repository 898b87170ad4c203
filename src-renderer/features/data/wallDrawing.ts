import { markBit } from '#shared/dataset/marks';
import { theme } from '../../ui/theme.svelte';

/** How a tile of the wall looks. */
export interface TileState {
  /** Bits of shared/dataset/marks. */
  readonly marks: number;
  readonly selected: boolean;
  readonly focused: boolean;
}

/** Sides of a mark in the corner and of the strokes round a tile, CSS pixels. */
const BADGE = 18;
const STROKE = 3;

/** Colours of a theme, read once a redraw. */
export const tileColours = () => ({
  empty: theme.color('--surface-2'),
  veil: theme.color('--bg'),
  accent: theme.color('--accent'),
  onAccent: theme.color('--on-accent'),
  stop: theme.color('--stop'),
  onStop: theme.color('--on-stop'),
  warn: theme.color('--warn'),
  badge: theme.color('--surface-1'),
  focus: theme.color('--focus'),
  text: theme.color('--text'),
});
type Colours = ReturnType<typeof tileColours>;

/** Draws what lies over a picture: a veil and a cross for what is excluded, corner marks, the selection's frame. `tile`: its side, device pixels. */
export function drawOverTile(
  context: CanvasRenderingContext2D,
  { marks, selected, focused }: TileState,
  [x, y, tile]: readonly [x: number, y: number, tile: number],
  density: number,
  colours: Colours,
): void {
  const side = Math.min(BADGE * density, tile / 3);
  const excluded = (marks & markBit('excluded')) !== 0;
  if (excluded) {
    context.globalAlpha = 0.72;
    context.fillStyle = colours.veil;
    context.fillRect(x, y, tile, tile);
    context.globalAlpha = 1;
    badge(context, [x, y, side], '✕', colours.stop, colours.onStop);
  } else if (marks & markBit('held-out')) {
    badge(context, [x, y, side], 'H', colours.focus, colours.badge);
  }
  if (marks & markBit('near-duplicate')) badge(context, [x + tile - side, y, side], '≈', colours.badge, colours.text);
  else if (marks & 0xffff) badge(context, [x + tile - side, y, side], '!', colours.warn, colours.badge);
  if (marks & markBit('fitted')) badge(context, [x, y + tile - side, side], '#', colours.badge, colours.text);
  if (selected) {
    frame(context, [x, y, tile], STROKE * density, colours.accent);
    badge(context, [x + tile - side, y + tile - side, side], '✓', colours.accent, colours.onAccent);
  }
  if (focused) frame(context, [x - 2 * density, y - 2 * density, tile + 4 * density], 2 * density, colours.focus);
}

function frame(
  context: CanvasRenderingContext2D,
  [x, y, side]: readonly [number, number, number],
  width: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(x + width / 2, y + width / 2, side - width, side - width);
}

function badge(
  context: CanvasRenderingContext2D,
  [x, y, side]: readonly [number, number, number],
  sign: string,
  ground: string,
  ink: string,
): void {
  context.fillStyle = ground;
  context.fillRect(x, y, side, side);
  context.fillStyle = ink;
  context.font = `600 ${Math.round(side * 0.72)}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(sign, x + side / 2, y + side / 2 + 1);
}
