import { z } from 'zod';
import { limits } from '../contract/limits';

const Text = z.string().max(limits.leftOutText);

/** Why a page could not hand a file over: its system does not give it out, or the studio does not take its name or its size. */
const LeftOutCode = z.enum(['unreadable', 'name', 'too-large']);
export type LeftOutCode = z.output<typeof LeftOutCode>;

/** Files that a page could not hand over with the others of a drop: the report of the import names them. `count`: all of them, of which the first are named. */
export const LeftOut = z
  .strictObject({
    count: z.int().min(1).max(limits.uploadFiles),
    files: z.array(z.strictObject({ file: Text, code: LeftOutCode, detail: Text })).max(limits.leftOutListed),
  })
  .refine(({ count, files }) => count >= files.length, 'names more files than it counts');
export type LeftOut = z.output<typeof LeftOut>;
