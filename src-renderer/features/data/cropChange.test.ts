import { describe, expect, it } from 'vitest';
import type { PictureFit } from '#shared/contract/types';
import type { Selection } from '#shared/dataset/curation';
import { changesFormat, cropEdit, formatSentence, type CropState } from './cropChange';

const fit: PictureFit = { crop: 'centre', background: '#ffffff' };
const before: CropState = { fit, format: { size: 64, channels: 3 } };
const stretched: CropState = { ...before, fit: { ...fit, crop: 'stretch' } };
const grey: CropState = { ...before, format: { size: 32, channels: 1 } };

describe('what the crop editor does', () => {
  it('is about some pictures or all, and leaves size and channels where they were not touched', () => {
    const pictures: Selection = { kind: 'indices', indices: [3] };
    expect(cropEdit(before, stretched, pictures)).toEqual({ kind: 'fit', fit: stretched.fit, pictures });
    expect(cropEdit(before, stretched)).toEqual({ kind: 'fit', fit: stretched.fit });
    expect(changesFormat(before, stretched)).toBe(false);
    expect(formatSentence(before, stretched)).toBeUndefined();
  });

  it('changes size and channels of all, and their crops only where the crop was touched', () => {
    expect(changesFormat(before, grey)).toBe(true);
    expect(cropEdit(before, grey)).toEqual({ kind: 'format', size: 32, channels: 1 });
    expect(formatSentence(before, grey)).toBe(
      'All pictures are read again and become 32 × 32 px, grey. Every picture keeps its crop.',
    );
    const both = { ...grey, fit: stretched.fit };
    expect(cropEdit(before, both)).toEqual({ kind: 'format', size: 32, channels: 1, fit: stretched.fit });
    expect(formatSentence(before, both)).toContain('All are cropped like this one.');
  });

  it('names the sizes beside one that networks do not suit', () => {
    expect(formatSentence(before, { fit, format: { size: 48, channels: 3 } })).toContain('32 or 64 suit them better');
  });
});
