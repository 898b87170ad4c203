import { z } from 'zod';
import type { ErrorData } from './errors';
import { limits } from './limits';

/**
 * Small files in one request, for a request takes longer than what is in it: the length of the list (4 bytes, little endian), the list as JSON in UTF-8, and
 * the files' bytes one behind the other. At most `limits.uploadBatchFiles` and `limits.uploadBatchBytes`.
 */
export const LENGTH_BYTES = 4;

export const BatchList = z
  .array(z.strictObject({ name: z.string(), size: z.int().min(0) }))
  .max(limits.uploadBatchFiles);
export type BatchList = z.infer<typeof BatchList>;

/** The answer: files that are not taken, by their place in the list; the others were. */
export interface BatchAnswer {
  readonly refused: readonly { readonly at: number; readonly error: ErrorData }[];
}
