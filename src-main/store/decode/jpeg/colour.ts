/** Red, green and blue of luma and chroma, `[…, 3]` (ITU-T T.871, section 7). */
export function rgbOf(luma: Float32Array, blue: Float32Array, red: Float32Array): Uint8Array {
  const pixels = new Uint8Array(luma.length * 3);
  for (let index = 0, at = 0; index < luma.length; index++, at += 3) {
    const light = luma[index] as number;
    const b = (blue[index] as number) - 128;
    const r = (red[index] as number) - 128;
    pixels[at] = byteOf(light + 1.402 * r);
    pixels[at + 1] = byteOf(light - 0.344136 * b - 0.714136 * r);
    pixels[at + 2] = byteOf(light + 1.772 * b);
  }
  return pixels;
}

/** The nearest byte. Not by a Uint8ClampedArray: V8 left its fast code at the end of each picture's loop over one, hundreds of times. */
const byteOf = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0);

/** Grey values of luma. */
export const greyOf = (luma: Float32Array): Uint8Array => Uint8Array.from(luma, byteOf);

/** The same value as red, green and blue. */
export function threefold(grey: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(grey.length * 3);
  for (let index = 0; index < pixels.length; index++) pixels[index] = grey[Math.floor(index / 3)] as number;
  return pixels;
}

/** Light of each sRGB value, 0 … 1 (IEC 61966-2-1, 5.2). */
const LIGHT = Float64Array.from({ length: 256 }, (_, value) =>
  value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
);

/** Luminance of an sRGB picture as its grey value, as libvips has it: by light, not by value. */
export function luminanceOf(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let index = 0, at = 0; index < grey.length; index++, at += 3) {
    const light =
      0.2126 * (LIGHT[rgb[at] as number] as number) +
      0.7152 * (LIGHT[rgb[at + 1] as number] as number) +
      0.0722 * (LIGHT[rgb[at + 2] as number] as number);
    const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
    grey[index] = Math.min(255, Math.round(255 * value));
  }
  return grey;
}
