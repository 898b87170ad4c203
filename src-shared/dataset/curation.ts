import { z } from 'zod';
import { limits } from '../contract/limits';
import { streams, uniform } from '../math/random';

/** A picture by its content: SHA-256 of its file (of a later frame, of that and the frame’s number). */
export const PictureId = z.string().regex(/^[0-9a-f]{64}$/);
export const ClassName = z.string().min(1).max(limits.classNameLength);

/** Pictures that are kept from training, to measure it by; `seed` draws others. */
export const Split = z.strictObject({
  heldOut: z.number().min(0).max(limits.heldOutMax),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
});
export type Split = z.output<typeof Split>;

/** Digits of a picture's hash that place it in its stream: 52 bits. */
const PLACE_DIGITS = 13;

/** Whether a picture is held out. It depends on its content alone, so it stays on its side when others come or go. */
export function isHeldOut(id: string, { heldOut, seed }: Split): boolean {
  return heldOut > 0 && uniform(seed, streams.heldOut, Number.parseInt(id.slice(0, PLACE_DIGITS), 16)) < heldOut;
}
