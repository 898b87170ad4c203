import { deflateSync } from 'node:zlib';
import { pngChunk } from '../pictures/png';

export const pngColours = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgba: 6 } as const;

export interface PngPlan {
  readonly side: number;
  readonly colour: keyof typeof pngColours;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly interlaced?: boolean;
  /** PLTE, three bytes a colour. */
  readonly palette?: readonly number[];
  /** tRNS, as it is. */
  readonly transparency?: readonly number[];
  /** A pixel's samples, each below 2^depth. */
  readonly samplesAt: (x: number, y: number) => readonly number[];
}

/** Of each pass: where it begins, and how far it goes from one pixel to the next (PNG specification, 8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

/** A PNG of a kind that the library which decodes them does not write. */
export function craftedPng(plan: PngPlan): Buffer {
  const { side, colour, depth, interlaced, palette, transparency } = plan;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([depth, pngColours[colour], 0, 0, interlaced ? 1 : 0], 8);
  const rows = (interlaced ? ADAM7 : WHOLE).flatMap((pass) => rowsOf(plan, pass));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...(palette ? [pngChunk('PLTE', Buffer.from(palette))] : []),
    ...(transparency ? [pngChunk('tRNS', Buffer.from(transparency))] : []),
    pngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The rows of one pass, unfiltered. */
function rowsOf({ side, depth, samplesAt }: PngPlan, [left, top, across, down]: readonly number[]): Buffer[] {
  const rows: Buffer[] = [];
  for (let y = top ?? 0; y < side; y += down ?? 1) {
    let bits = '';
    for (let x = left ?? 0; x < side; x += across ?? 1) {
      for (const sample of samplesAt(x, y)) bits += sample.toString(2).padStart(depth, '0');
    }
    const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? [];
    rows.push(Buffer.from([0, ...bytes.map((byte) => Number.parseInt(byte, 2))]));
  }
  return rows;
}
