import { describe, expect, it } from 'vitest';
import { previewScale } from './previewPixels';

describe('previewScale', () => {
  it('enlarges by whole device pixels', () => {
    expect(previewScale({ width: 64, height: 64 }, { width: 300, height: 240 }, 1)).toBe(3);
    expect(previewScale({ width: 64, height: 64 }, { width: 300, height: 240 }, 2)).toBe(3.5);
  });

  it('reduces what is larger than its place, keeping the proportions', () => {
    expect(previewScale({ width: 960, height: 480 }, { width: 240, height: 240 }, 1)).toBe(0.25);
  });

  it('copes with no place', () => {
    expect(previewScale({ width: 64, height: 64 }, { width: 0, height: 0 }, 1)).toBe(0);
  });
});
