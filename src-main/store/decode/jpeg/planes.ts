import { BlockReader, type BlockCode } from './blockReader';
import type { Component, Frame } from './frame';
import { blockShapes, writeSamples, type BlockSide } from './inverseDct';
import { readScan, type Scan } from './scan';
import { scratch } from './scratch';

/** A component's samples, fewer than were stored; 0 … 255 but for what rounding adds to that. */
export interface Plane {
  /** `[…, stride]`, good until the next picture is read. */
  readonly samples: Float32Array;
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
/** Samples are stored as what they are more than this. */
const MIDDLE = 128;
/** The mean of a block is not as far from the middle, but where a picture is damaged. */
const FAR = 144;

/** The units of a scan (T.81, A.2): blocks of all components that belong together. */
interface Units {
  readonly columns: number;
  readonly rows: number;
  /** Blocks of a component in one of them, at most. */
  readonly across: number;
  readonly down: number;
}

/** A component on its way to its plane. */
interface Channel {
  readonly component: Component;
  readonly side: BlockSide;
  readonly code: BlockCode;
  /** What the mean of a block is multiplied with. */
  readonly scale: number;
  readonly plane: Plane;
  /** That of the block before. */
  mean: number;
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
  const channels = components.map((component, index) =>
    channelOf(frame, units, component, sides[index] ?? side, index),
  );
  return readUnits(scan, channels, columns * rows, columns, restartEvery)
    ? channels.map(({ plane }) => plane)
    : undefined;
}

function sideOf({ across, down }: Component, units: Units, side: BlockSide): BlockSide {
  if (across === units.across && down === units.down) return side;
  return side === 1 ? 2 : side === 2 ? 4 : 8;
}

function channelOf(frame: Frame, units: Units, component: Component, side: BlockSide, index: number): Channel {
  const { last, places, scales } = blockShapes[side];
  const stride = units.columns * component.across * side;
  const width = (frame.width * component.across * side) / (BLOCK_SIDE * units.across);
  const height = (frame.height * component.down * side) / (BLOCK_SIDE * units.down);
  const samples = scratch.numbers(`plane ${index}`, stride * units.rows * component.down * side);
  const plane = { samples, stride, columns: Math.ceil(width), rows: Math.ceil(height), width, height };
  const divided = scales.map((scale, at) => scale * (component.quantisation[at - 1] ?? 0));
  const code = { dc: component.dc, ac: component.ac, last, places, scales: divided };
  return { component, side, code, scale: divided[1] as number, plane, mean: 0 };
}

/** Whether all units were there, and nothing else between the markers. */
function readUnits(
  { codes, ends }: Scan,
  channels: readonly Channel[],
  count: number,
  columns: number,
  restartEvery: number,
): boolean {
  const reader = new BlockReader(codes);
  const block = new Float64Array(BLOCK_SIDE * BLOCK_SIDE + 1);
  let interval = 0;
  for (let unit = 0; unit < count; unit++) {
    if (restartEvery > 0 && unit > 0 && unit % restartEvery === 0) {
      if (!endsAt(reader, ends[interval++] as number)) return false;
      for (const channel of channels) channel.mean = 0;
    }
    const row = Math.floor(unit / columns);
    for (let index = 0; index < channels.length; index++) {
      if (!readUnit(reader, channels[index] as Channel, block, row, unit - row * columns)) return false;
    }
    if (reader.at > 8 * (ends[interval] as number)) return false;
  }
  return endsAt(reader, ends[interval] as number);
}

/** Whether the reader is in the last byte of an interval, behind which it then is. */
function endsAt(reader: BlockReader, end: number): boolean {
  const isThere = (reader.at + 7) >>> 3 === end;
  reader.at = 8 * end;
  return isThere;
}

function readUnit(reader: BlockReader, channel: Channel, block: Float64Array, row: number, column: number): boolean {
  const { component, side, code, scale, plane } = channel;
  for (let down = 0; down < component.down; down++) {
    for (let across = 0; across < component.across; across++) {
      if (!reader.read(code, block)) return false;
      channel.mean += reader.difference;
      const mean = channel.mean * scale;
      if (mean > FAR || mean < -FAR) return false;
      const to = ((row * component.down + down) * plane.stride + column * component.across + across) * side;
      if (reader.varied) {
        block[0] = mean + MIDDLE;
        writeSamples(block, side, plane.samples, to, plane.stride);
        for (let index = 0; index <= side * side; index++) block[index] = 0;
      } else {
        fill(plane, to, side, mean + MIDDLE);
      }
    }
  }
  return true;
}

function fill({ samples, stride }: Plane, from: number, side: number, value: number): void {
  for (let row = 0, at = from; row < side; row++, at += stride) {
    for (let column = 0; column < side; column++) samples[at + column] = value;
  }
}
