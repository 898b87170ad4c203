import { describe, expect, it } from 'vitest';
import { pictureToRgba, planGrid } from './pictures';

describe('pictures on a canvas', () => {
  it('turns colour and grey pictures into opaque RGBA', () => {
    const colour = { count: 2, width: 1, height: 1, channels: 3 as const, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect([...pictureToRgba(colour, 1)]).toEqual([4, 5, 6, 255]);
    const grey = { count: 1, width: 2, height: 1, channels: 1 as const, pixels: Uint8Array.of(7, 9) };
    expect([...pictureToRgba(grey, 0)]).toEqual([7, 7, 7, 255, 9, 9, 9, 255]);
  });
});

describe('the grid', () => {
  const pictures = { width: 32, height: 32, gap: 2 };

  it('takes the largest whole scale that fits', () => {
    expect(planGrid({ ...pictures, count: 16, roomWidth: 800, roomHeight: 600 })).toEqual({
      columns: 4,
      rows: 4,
      scale: 4,
    });
    expect(planGrid({ ...pictures, count: 1, roomWidth: 500, roomHeight: 300 })).toEqual({
      columns: 1,
      rows: 1,
      scale: 9,
    });
  });

  it('keeps the columns asked for and shows pixels one to one where room is short', () => {
    expect(planGrid({ ...pictures, count: 8, columns: 8, roomWidth: 100, roomHeight: undefined })).toEqual({
      columns: 8,
      rows: 1,
      scale: 1,
    });
  });
});
