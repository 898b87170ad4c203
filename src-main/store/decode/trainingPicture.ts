import sharp, { type Sharp } from 'sharp';
import { isGrey } from './grey';
import type { DecodeOptions } from './picture';

/** From this alpha on a pixel hides what is behind it. */
const OPAQUE = 250;
const WHITE = '#ffffff';

interface Shape {
  readonly width: number;
  readonly height: number;
}

export interface TrainingPicture {
  /** `[size, size, channels]` */
  readonly pixels: Uint8Array;
  readonly grey: boolean;
  /** Whether the background shows through. */
  readonly transparent: boolean;
}

/** The square of `size` that training sees, of an upright picture of that shape, laid on the background colour. Throws what libvips says. */
export async function trainingPicture(
  picture: Sharp,
  shape: Shape,
  options: DecodeOptions,
  timeoutMs: number,
): Promise<TrainingPicture> {
  const { channels, background = WHITE } = options;
  const { data, info } = await fitted(picture, shape, options)
    .timeout({ seconds: Math.ceil(timeoutMs / 1000) })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const alpha = info.channels === channels + 1;
  if (!alpha && info.channels !== channels) throw new Error(`it decodes to ${info.channels} channels`);
  // A copy of its own: sharp's buffers may share memory, and this one is transferred between threads.
  const pixels = alpha ? flattened(data, channels, background) : Uint8Array.from(data);
  const transparent = alpha && isSeenThrough(data, info.channels);
  return { pixels, transparent, grey: channels === 1 || isGrey(pixels) };
}

function fitted(
  picture: Sharp,
  { width, height }: Shape,
  { size, crop = 'centre', background = WHITE, region }: DecodeOptions,
): Sharp {
  const kernel = 'lanczos3';
  if (region) {
    const left = Math.min(width - 1, Math.round(region.left * width));
    const top = Math.min(height - 1, Math.round(region.top * height));
    const right = Math.max(left + 1, Math.min(width, Math.round((region.left + region.width) * width)));
    const bottom = Math.max(top + 1, Math.min(height, Math.round((region.top + region.height) * height)));
    picture.extract({ left, top, width: right - left, height: bottom - top });
  }
  switch (crop) {
    case 'centre':
      return picture.resize(size, size, { fit: 'cover', position: 'centre', kernel });
    case 'attention':
      return picture.resize(size, size, { fit: 'cover', position: sharp.strategy.attention, kernel });
    case 'letterbox':
      return picture.resize(size, size, { fit: 'contain', background, kernel });
    case 'stretch':
      return picture.resize(size, size, { fit: 'fill', kernel });
  }
}

/** `data` `[…, channels + alpha]` laid on a colour, `[…, channels]`. */
function flattened(data: Uint8Array, channels: 1 | 3, background: string): Uint8Array {
  const behind = backgroundOf(background, channels);
  const pixels = new Uint8Array((data.length / (channels + 1)) * channels);
  for (let from = 0, to = 0; to < pixels.length; from += channels + 1, to += channels) {
    const alpha = (data[from + channels] as number) / 255;
    for (let channel = 0; channel < channels; channel++) {
      const value = (data[from + channel] as number) * alpha + (behind[channel] as number) * (1 - alpha);
      pixels[to + channel] = Math.round(value);
    }
  }
  return pixels;
}

/** `#rrggbb` as its bytes, or as its luma (ITU-R BT.601). */
function backgroundOf(colour: string, channels: 1 | 3): readonly number[] {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as [number, number, number];
  return channels === 3 ? [red, green, blue] : [0.299 * red + 0.587 * green + 0.114 * blue];
}

function isSeenThrough(data: Uint8Array, stride: number): boolean {
  for (let at = stride - 1; at < data.length; at += stride) if ((data[at] as number) < OPAQUE) return true;
  return false;
}
