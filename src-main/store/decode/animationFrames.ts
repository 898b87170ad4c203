import sharp from 'sharp';
import { limits } from '#shared/contract/limits';
import type { Frame } from './apng';

/** A frame, as it is seen, and its number. */
interface NumberedFrame {
  readonly number: number;
  readonly frame: Frame;
}

/** What is to be known of a GIF or WebP before its frames are read: their common size. */
interface Sides {
  readonly width: number;
  readonly height: number;
}

/** Every n-th frame of a GIF or WebP from `every` up to `last`. libvips begins anew at the first frame each time, so many are read at once: as many as the cap on pixels lets pass. */
export async function* everyFrame(
  bytes: Uint8Array,
  { width, height }: Sides,
  every: number,
  last: number,
): AsyncGenerator<NumberedFrame> {
  const most = Math.max(1, Math.floor(limits.animationPixelsAtOnce / (width * height)));
  for (let from = every; from < last;) {
    const wanted = Math.floor((Math.min(most, last - from) - 1) / every) + 1;
    const frames = await framesAt(bytes, { width, height }, from, (wanted - 1) * every + 1);
    for (let place = 0; place < frames.length; place += every) {
      const frame = frames[place];
      if (frame) yield { number: from + place, frame };
    }
    from += wanted * every;
  }
}

/** So many frames of a GIF or WebP from one on. */
export async function framesAt(
  bytes: Uint8Array,
  { width, height }: Sides,
  page: number,
  pages: number,
): Promise<readonly Frame[]> {
  const input = { failOn: 'warning', limitInputPixels: limits.picturePixels, page, pages } as const;
  const picture = sharp(bytes, input).toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' });
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  const each = width * height * 4;
  if (info.width !== width || data.length !== pages * each) throw new Error('its frames are not of one size');
  return Array.from({ length: pages }, (_, place) => ({
    width,
    height,
    rgba: data.subarray(place * each, (place + 1) * each),
  }));
}
