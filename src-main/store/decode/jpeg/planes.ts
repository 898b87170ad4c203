import { blockShapes, type BlockSide } from './blockShapes';
import type { Component, Frame } from './frame';
import type { HuffmanTable } from './huffman';
import { kernel } from './kernel';
import { readScan } from './scan';

/** A component's samples, fewer than were stored; 0 … 255 but for what rounding adds to that. */
export interface Plane {
  /** Where its samples are in the kernel's memory, float32 `[…, stride]`. */
  readonly at: number;
  readonly stride: number;
  /** How many of them are the picture's; and what they stand for, where the picture ends amid the last of them. */
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
}

/** Samples of all planes together, beyond which a picture is not held. */
const SAMPLES_MOST = 1 << 22;
const BLOCK_SIDE = 8;

/** The units of a scan (T.81, A.2): blocks of all components that belong together. */
interface Units {
  readonly columns: number;
  readonly rows: number;
  /** Blocks of a component in one of them, at most. */
  readonly across: number;
  readonly down: number;
}

/**
 * The planes of a picture with `side`² samples for a block of 8×8, or twice that in each direction for chroma that has fewer blocks than luma. Undefined where the
 * scan is not as it should be, to its last bit, or a picture too large.
 */
export function readPlanes(bytes: Uint8Array, frame: Frame, side: BlockSide): readonly Plane[] | undefined {
  const { components, restartEvery } = frame;
  const across = Math.max(...components.map((component) => component.across));
  const down = Math.max(...components.map((component) => component.down));
  const columns = Math.ceil(frame.width / (BLOCK_SIDE * across));
  const rows = Math.ceil(frame.height / (BLOCK_SIDE * down));
  const units: Units = { columns, rows, across, down };
  const sides = components.map((component) => sideOf(component, units, side));
  const samples = components.map((component, index) => component.across * component.down * (sides[index] ?? side) ** 2);
  if (columns * rows * samples.reduce((sum, count) => sum + count) > SAMPLES_MOST) return undefined;
  const scan = readScan(bytes, frame.scanAt, restartEvery > 0 ? Math.ceil((columns * rows) / restartEvery) : 1);
  if (!scan) return undefined;
  const planes = components.map((component, index) => planeOf(frame, units, component, sides[index] ?? side));
  const tables = new Map<HuffmanTable, number>();
  const channels = components.map((component, index) =>
    channelOf(component, sides[index] ?? side, planes[index] as Plane, tables),
  );
  const [places, ends] = [kernel.put(Int32Array.from(channels.flat())), kernel.put(Int32Array.from(scan.ends))];
  const whole = kernel.readUnits(places, components.length, columns * rows, columns, restartEvery, ends, scan.last);
  return whole ? planes : undefined;
}

function sideOf({ across, down }: Component, units: Units, side: BlockSide): BlockSide {
  if (across === units.across && down === units.down) return side;
  return side === 1 ? 2 : side === 2 ? 4 : 8;
}

function planeOf(frame: Frame, units: Units, { across, down }: Component, side: BlockSide): Plane {
  const stride = units.columns * across * side;
  const width = (frame.width * across * side) / (BLOCK_SIDE * units.across);
  const height = (frame.height * down * side) / (BLOCK_SIDE * units.down);
  const at = kernel.take(Float32Array.BYTES_PER_ELEMENT * stride * units.rows * down * side);
  return { at, stride, columns: Math.ceil(width), rows: Math.ceil(height), width, height };
}

/** What the kernel is told of a component, as `Channel` in kernel/blocks.ts has it. */
function channelOf(
  { dc, ac, quantisation, across, down }: Component,
  side: BlockSide,
  plane: Plane,
  tables: Map<HuffmanTable, number>,
): readonly number[] {
  const { last, places, scales } = blockShapes[side];
  const divided = scales.map((scale, at) => scale * (quantisation[at - 1] ?? 0));
  const [forDc, forAc] = [dc, ac].map((table) => placeOf(table, tables)) as [number, number];
  const coded = [forDc, forAc, last, kernel.put(places), kernel.put(divided)];
  // The last one as the bits of its float32.
  const [scale] = new Int32Array(divided.buffer, Float32Array.BYTES_PER_ELEMENT, 1) as unknown as [number];
  return [...coded, side, plane.at, plane.stride, across, down, 0, scale];
}

/** Symbols by this many bits, each of two bytes: see kernel/codes.ts. */
const RUNS_BYTES = 2 << 11;

/** Where a code's tables are, as `Table` in kernel/blocks.ts has them; most pictures have some for two components. */
function placeOf(table: HuffmanTable, placed: Map<HuffmanTable, number>): number {
  const known = placed.get(table);
  if (known !== undefined) return known;
  const runs = kernel.take(RUNS_BYTES);
  kernel.bytes(runs, RUNS_BYTES).fill(0);
  const { symbols, ends, values } = table;
  const place = kernel.put(Int32Array.of(kernel.put(symbols), runs, kernel.put(ends), kernel.put(values)));
  placed.set(table, place);
  return place;
}
