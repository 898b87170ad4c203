import { z } from 'zod';
import { limits } from '../contract/limits';
import { streams, uniform } from '../math/random';
import { Channels, Fit, Size } from './fit';
import { ClassName, PictureFilter } from './filter';

/** A picture by its content: SHA-256 of its file (of a later frame, of that and the frame’s number). */
export const PictureId = z.string().regex(/^[0-9a-f]{64}$/);

/** Pictures that are kept from training, to measure it by; `seed` draws others. */
export const Split = z.strictObject({
  heldOut: z.number().min(0).max(limits.heldOutMax),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
});
export type Split = z.output<typeof Split>;

/** How often a picture of each class is shown. `balanced`: all classes equally often; `weights` multiply that, 1 where none is named. */
export const Sampling = z.strictObject({
  balanced: z.boolean(),
  weights: z.record(ClassName, z.number().min(0).max(limits.samplingWeightMax)),
});
export type Sampling = z.output<typeof Sampling>;

const Glob = z.string().min(1).max(limits.globLength);

/** Pictures for a change, by their places in the pack, by a filter, by content, or by their files' names: those that any of the patterns matches (`*` and `?` stand for what they do in a shell). */
export const Selection = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('indices'), indices: z.array(z.int().min(0)).min(1).max(limits.selectedPictures) }),
  z.strictObject({ kind: z.literal('filter'), filter: PictureFilter }),
  z.strictObject({ kind: z.literal('ids'), ids: z.array(PictureId).min(1).max(limits.selectedIds) }),
  z.strictObject({ kind: z.literal('names'), globs: z.array(Glob).min(1).max(limits.globs) }),
]);
export type Selection = z.output<typeof Selection>;

/** One change that can be taken back. */
export const CurationEdit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exclude'), pictures: Selection, excluded: z.boolean() }),
  /**
   * Of the groups of near duplicates that have one of these pictures, or of all: `one` excludes all but the largest, `named` all but these pictures, `all` says that
   * they are meant to be alike.
   */
  z.strictObject({
    kind: z.literal('nearDuplicates'),
    group: Selection.optional(),
    keep: z.enum(['one', 'named', 'all']),
  }),
  /** `null`: as the import found it. */
  z.strictObject({ kind: z.literal('assign'), pictures: Selection, class: ClassName.nullable() }),
  /** Where a class of the new name is there, both become one. */
  z.strictObject({ kind: z.literal('rename'), from: ClassName, to: ClassName }),
  z.strictObject({ kind: z.literal('split'), split: Split }),
  z.strictObject({ kind: z.literal('sampling'), sampling: Sampling }),
  /** Without pictures: all that have no fit of their own, and those to come. `null`: as all the others. */
  z.strictObject({ kind: z.literal('fit'), pictures: Selection.optional(), fit: Fit.nullable() }),
  /** All pictures in another size or with other channels, each square as it is; with a fit, by that. For all or, where a file is missing, for none. */
  z.strictObject({ kind: z.literal('format'), size: Size, channels: Channels, fit: Fit.optional() }),
]);
export type CurationEdit = z.output<typeof CurationEdit>;

/** Digits of a picture's hash that place it in its stream: 52 bits. */
const PLACE_DIGITS = 13;

/** Whether a picture is held out. It depends on its content alone, so it stays on its side when others come or go. */
export function isHeldOut(id: string, { heldOut, seed }: Split): boolean {
  return heldOut > 0 && uniform(seed, streams.heldOut, Number.parseInt(id.slice(0, PLACE_DIGITS), 16)) < heldOut;
}
