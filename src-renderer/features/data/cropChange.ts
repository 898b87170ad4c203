import type { ImportProposal, PictureFit } from '#shared/contract/types';
import type { CurationEdit, Selection } from '#shared/dataset/curation';
import { fitKey } from '#shared/dataset/fit';

/** Whom a crop is for: the picture that is shown, those that are chosen, or all. */
export type CropTarget = 'one' | 'chosen' | 'all';

/** How pictures are, or shall be. */
export interface CropState {
  readonly fit: PictureFit;
  readonly format: ImportProposal;
}

const sameFormat = (a: ImportProposal, b: ImportProposal) => a.size === b.size && a.channels === b.channels;

/** Whether size or channels are to change: those of all pictures, or none. */
export const changesFormat = (before: CropState, { format }: CropState): boolean => !sameFormat(before.format, format);

/** Whether the crop is what it was. */
export const keepsCrop = (before: CropState, { fit }: CropState): boolean => fitKey(fit) === fitKey(before.fit);

/** What is to be done to the pictures that are named, or to all. A crop that was not touched stays each picture's own when only size or channels change. */
export function cropEdit(before: CropState, after: CropState, pictures?: Selection): CurationEdit {
  const { fit, format } = after;
  const { size, channels } = format;
  if (pictures) return { kind: 'fit', fit, pictures };
  if (sameFormat(before.format, format)) return { kind: 'fit', fit };
  return { kind: 'format', size, channels, ...(!keepsCrop(before, after) && { fit }) };
}

/** What applying to all does, where that is more than one may think. */
export function formatSentence(before: CropState, after: CropState): string | undefined {
  if (!changesFormat(before, after)) return undefined;
  const { size, channels } = after.format;
  const crop = keepsCrop(before, after) ? 'Every picture keeps its crop.' : 'All are cropped like this one.';
  const words = `All pictures are read again and become ${size} × ${size} px, ${channels === 1 ? 'grey' : 'colour'}. ${crop}`;
  const power = Number.isInteger(Math.log2(size));
  return power ? words : `${words} Networks double the side layer by layer: ${nearestPowers(size)} suit them better.`;
}

function nearestPowers(size: number): string {
  const below = 2 ** Math.floor(Math.log2(size));
  return `${below} or ${2 * below}`;
}
