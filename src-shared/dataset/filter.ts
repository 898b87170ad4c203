import { z } from 'zod';
import { limits } from '../contract/limits';
import { pictureFlagNames, pictureFlags } from '../contract/pictureFlags';
import { inView, viewIds } from './marks';

export const ClassName = z.string().min(1).max(limits.classNameLength);

/** Shorter sides of pictures' own files, pixels: from `from` on, below `below`. */
export const SideRange = z.strictObject({ from: z.int().min(0), below: z.int().min(1).optional() });
export type SideRange = z.output<typeof SideRange>;

/** Pictures of a view; of them, those with a class (`null`: that have none), with a flag of the import, of a size. */
export const PictureFilter = z.strictObject({
  view: z.enum(viewIds),
  class: ClassName.nullable().optional(),
  flag: z.enum(pictureFlagNames).optional(),
  side: SideRange.optional(),
});
export type PictureFilter = z.output<typeof PictureFilter>;

/** Whether a picture with these marks and this shorter side passes all of a filter but its class. */
export function passes({ view, flag, side }: PictureFilter, marks: number, shorterSide: number): boolean {
  return inView(view, marks) && hasFlag(flag, marks) && hasSide(side, shorterSide);
}

const hasFlag = (flag: PictureFilter['flag'], marks: number): boolean =>
  flag === undefined || ((marks >>> pictureFlags[flag].bit) & 1) === 1;

const hasSide = (range: SideRange | undefined, side: number): boolean =>
  range === undefined || (side >= range.from && (range.below === undefined || side < range.below));

/** Bounds of the ranges in which sizes are counted, each from its bound up to the next; below the first a size is not known. */
export const sideBounds = [1, 16, 32, 64, 128, 256, 512, 1024, 2048] as const;
/** The same for width / height. */
export const aspectBounds = [0, 0.4, 0.6, 0.8, 0.95, 1.05, 1.25, 1.67, 2.5] as const;
