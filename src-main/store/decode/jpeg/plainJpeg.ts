import { readHeader } from '../header';
import type { DecodeOptions } from '../picture';
import { greyOf, luminanceOf, rgbOf, threefold } from './colour';
import { readFrame } from './frame';
import type { BlockSide } from './inverseDct';
import { placementOf, type Placement } from './placement';
import { readPlanes, type Plane } from './planes';
import { resample, weightsFor, type Line, type Weights } from './resample';
import { scratch } from './scratch';

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
  const planes = side && readPlanes(bytes, frame, side);
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

function fitAll(planes: readonly Plane[], placement: Placement): readonly Float32Array[] | undefined {
  const fitted: Float32Array[] = [];
  for (const [index, plane] of planes.entries()) {
    const made = scratch.numbers(`fitted ${index}`, placement.across.size * placement.down.size);
    if (!fit(plane, placement, made)) return undefined;
    fitted.push(made);
  }
  return fitted;
}

/** Brings a plane to its place, `[down, across]`; false: it is too small. */
function fit(
  { samples, stride, columns, rows, width, height }: Plane,
  placement: Placement,
  made: Float32Array,
): boolean {
  const across = weightsOf({ ...placement.across, length: columns, extent: width });
  const down = weightsOf({ ...placement.down, length: rows, extent: height });
  if (!across || !down) return false;
  const left = across.from[0] as number;
  const seen = (across.from.at(-1) as number) + across.taps - left;
  const half = scratch.numbers('half', seen * placement.down.size);
  resample({ samples: samples.subarray(left), stride, columns: seen, missing: 0 }, down, half);
  resample({ samples: half, stride: placement.down.size, columns: placement.down.size, missing: left }, across, made);
  return true;
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
