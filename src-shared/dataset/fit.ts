import { z } from 'zod';

const fraction = z.number().min(0).max(1);
const extent = z.number().min(0.01).max(1);

/** How a picture of any shape becomes a square; the region is the part that is used, as fractions of the upright picture's sides. */
export const Fit = z.strictObject({
  crop: z.enum(['centre', 'attention', 'letterbox', 'stretch']),
  background: z.string().regex(/^#[0-9a-f]{6}$/),
  region: z.strictObject({ left: fraction, top: fraction, width: extent, height: extent }).exactOptional(),
});
export type PictureFit = z.output<typeof Fit>;
