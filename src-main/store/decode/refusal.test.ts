import { describe, expect, it } from 'vitest';
import { refusalOf } from './refusal';

describe('why a picture is refused', () => {
  const refusal = (message: string, format: string) => refusalOf(new Error(message), format);

  it('is told in the words of what reads its format', () => {
    expect(refusal('VipsJpeg: premature end of JPEG image\nVipsJpeg: out of order read', 'JPEG')).toEqual({
      ok: false,
      code: 'corrupt',
      detail: 'VipsJpeg: premature end of JPEG image',
    });
  });

  it('is not what another file beside it was refused for', () => {
    const mixed = 'pngload_buffer: libspng read error\nVipsJpeg: Corrupt JPEG data';
    expect(refusal(mixed, 'JPEG')).toMatchObject({ detail: 'VipsJpeg: Corrupt JPEG data' });
    expect(refusal(mixed, 'PNG')).toMatchObject({ detail: 'pngload_buffer: libspng read error' });
    expect(refusal('pngload_buffer: libspng read error\n', 'WebP')).toMatchObject({
      code: 'corrupt',
      detail: expect.stringMatching(/does not say/),
    });
  });

  it('is told as it is where no format is named', () => {
    expect(refusal('Input image exceeds pixel limit', 'TIFF')).toMatchObject({
      code: 'too-many-pixels',
      detail: 'Input image exceeds pixel limit',
    });
  });
});
