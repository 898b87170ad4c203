import { z } from 'zod';
import { limits } from '../contract/limits';
import type { PictureFit } from '../contract/types';

/** Side of the square training pictures, pixels. */
export const Size = z.int().min(limits.imageSideMin).max(limits.imageSideMax);
export const Channels = z.union([z.literal(1), z.literal(3)]);

const fraction = z.number().min(0).max(1);
const extent = z.number().min(0.01).max(1);

/** How a picture of any shape becomes a square; the region is the part that is used, as fractions of the upright picture's sides. */
export const Fit = z.strictObject({
  crop: z.enum(['centre', 'attention', 'letterbox', 'stretch']).meta({
    title: 'Crop',
    description:
      'Middle: the largest square there. Smart: where it has most detail. Whole, with bars: nothing is lost. Stretched: nothing is lost, but shapes are.',
  }),
  background: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .meta({ title: 'Background', description: 'Behind what is transparent, and in the bars.' }),
  region: z.strictObject({ left: fraction, top: fraction, width: extent, height: extent }).exactOptional(),
});

/** A fit as a word, the same for fits that give the same picture. */
export function fitKey({ crop, background, region }: PictureFit): string {
  const part = region ? [region.left, region.top, region.width, region.height].join(',') : '';
  return `${crop} ${background.toLowerCase()} ${part}`;
}

export interface Square {
  /** Places of its left and top edge, and its side, pixels of the whole picture. */
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** The square of a picture that a region stands for; undefined where the region is none of one's own, or no square. */
export function squareOf({ region }: PictureFit, width: number, height: number): Square | undefined {
  if (!region) return undefined;
  const [across, down] = [region.width * width, region.height * height];
  if (Math.abs(across - down) > 1) return undefined;
  return { left: region.left * width, top: region.top * height, side: Math.min(across, down) };
}

/** The region of a square, kept inside the picture. */
export function regionOf(
  { left, top, side }: Square,
  width: number,
  height: number,
): NonNullable<PictureFit['region']> {
  const held = Math.max(Math.min(side, width, height), 1);
  const within = (from: number, room: number) => Math.max(0, Math.min(from, room - held));
  return {
    left: within(left, width) / width,
    top: within(top, height) / height,
    width: held / width,
    height: held / height,
  };
}
