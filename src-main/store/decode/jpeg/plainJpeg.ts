import { readHeader } from '../header';
import type { DecodeOptions } from '../picture';
import { greyOf, luminanceOf, rgbOf, threefold } from './colour';
import type { BlockSide } from './blockShapes';
import { readFrame } from './frame';
import { kernel } from './kernel';
import { placementOf, type Placement } from './placement';
import { readPlanes, type Plane } from './planes';
import { weightsFor, whole4, type Line, type Weights } from './resample';

export interface PlainJpeg {
  readonly width: number;
  readonly height: number;
  /** `[size, size, channels]` */
  readonly pixels: Uint8Array;
}

/**
 * The training picture of a JPEG that is as most are (see `readFrame`), upright, in sRGB and three times as large as is wanted, or larger: its blocks are made smaller as they are
 * decoded, which takes less than half of libjpeg's and libvips' time, and then resampled as libvips does it. Undefined for all others, and wherever anything in the file
 * is not as it should be: what is to be said of those, libvips says.
 */
export function plainJpeg(bytes: Uint8Array, options: DecodeOptions): PlainJpeg | undefined {
  const { size, channels, crop = 'centre', region, background = '#ffffff' } = options;
  const bars = crop === 'letterbox' ? greyIn(background) : 0;
  if (region || crop === 'attention' || bars === undefined) return undefined;
  const header = readHeader(bytes, 'JPEG');
  if (!header || header.icc || (header.orientation ?? 1) > 1) return undefined;
  const frame = readFrame(bytes);
  if (!frame) return undefined;
  const { width, height } = frame;
  const placement = placementOf(width, height, size, crop);
  const side = blockSideFor(Math.min(width / placement.across.whole, height / placement.down.whole));
  if (!side || !kernel.begin()) return undefined;
  const planes = readPlanes(bytes, frame, side);
  const fitted = planes && fitAll(planes, placement);
  if (!fitted) return undefined;
  const pixels = pixelsOf(fitted, channels);
  return { width, height, pixels: framed(pixels, placement, size, channels, bars) };
}

/** The value of a colour without colour, `#rrggbb`; others would have to be brought to grey as libvips does it. */
function greyIn(colour: string): number | undefined {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return red === green && green === blue ? red : undefined;
}

/** For a picture that many times as large as is wanted: sharp's choice, which leaves it large enough for the kernel to be of use. */
function blockSideFor(shrink: number): BlockSide | undefined {
  const times = Math.floor(shrink);
  return times > 8 ? 1 : times > 4 ? 2 : times > 2 ? 4 : undefined;
}

/** Each plane in its place, `[down, across]`; undefined: one is too small. */
function fitAll(planes: readonly Plane[], placement: Placement): readonly Float32Array[] | undefined {
  const places = planes.map((plane) => fit(plane, placement));
  const [columns, rows] = [placement.across.size, placement.down.size];
  const stride = whole4(columns);
  const fitted: Float32Array[] = [];
  for (const at of places) {
    if (at === undefined) return undefined;
    const lines = kernel.floats(at, rows * stride);
    fitted.push(stride === columns ? lines : withoutRest(lines, rows, columns, stride));
  }
  return fitted;
}

function withoutRest(lines: Float32Array, rows: number, columns: number, stride: number): Float32Array {
  const made = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) made.set(lines.subarray(row * stride, row * stride + columns), row * columns);
  return made;
}

/** Where the plane in its place is, float32 `[down, across]` with both made a multiple of four; undefined: it is too small. */
function fit(
  { at, stride, columns, rows, width, height }: Plane,
  { across: placedAcross, down: placedDown }: Placement,
): number | undefined {
  const across = weightsOf({ ...placedAcross, length: columns, extent: width });
  const down = weightsOf({ ...placedDown, length: rows, extent: height });
  if (!across || !down) return undefined;
  // Of the columns those alone that are looked at.
  const left = across.from[0] as number;
  const seen = whole4((across.from[placedAcross.size - 1] as number) + across.taps - left);
  const half = brought(at + FLOAT * left, stride, seen, down, 0);
  return brought(half, down.from.length, down.from.length, across, left);
}

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** Brings lines to new samples and lays them down (see kernel/resample.ts); where they are then. So many samples at the beginning of each line are missing. */
function brought(samples: number, stride: number, columns: number, weights: Weights, missing: number): number {
  const { from, taps } = weights;
  const [first, counts] = [kernel.put(from.map((index) => Math.max(0, index - missing))), kernel.put(weights.weights)];
  const made = kernel.take(FLOAT * columns * from.length);
  kernel.resample(samples, stride, columns, first, counts, taps, from.length, made);
  return made;
}

/** Most pictures of a folder have the same size. */
const WEIGHTS_KEPT = 32;
const known = new Map<string, Weights | undefined>();

function weightsOf(line: Line): Weights | undefined {
  const { length, extent, whole, first, size } = line;
  const key = [length, extent, whole, first, size].join(' ');
  const kept = known.get(key);
  if (kept) return kept;
  const made = weightsFor(line);
  if (known.size >= WEIGHTS_KEPT) known.clear();
  known.set(key, made);
  return made;
}

/** `[…, channels]` of luma, or of luma and chroma. */
function pixelsOf(planes: readonly Float32Array[], channels: 1 | 3): Uint8Array {
  const [luma = new Float32Array(), blue, red] = planes;
  if (!blue || !red) return channels === 1 ? greyOf(luma) : threefold(greyOf(luma));
  const rgb = rgbOf(luma, blue, red);
  return channels === 1 ? luminanceOf(rgb) : rgb;
}

/** The square with the picture in it, where it does not fill it. */
function framed(
  pixels: Uint8Array,
  { across, down }: Placement,
  size: number,
  channels: 1 | 3,
  bars: number,
): Uint8Array {
  if (across.size === size && down.size === size) return pixels;
  const square = new Uint8Array(size * size * channels).fill(bars);
  const row = across.size * channels;
  for (let y = 0; y < down.size; y++) {
    square.set(pixels.subarray(y * row, (y + 1) * row), ((down.at + y) * size + across.at) * channels);
  }
  return square;
}
