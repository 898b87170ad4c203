/** Values −1 … 1 as bytes 0 … 255, the inverse of what training pictures go through (see batches.ts); values beyond are cut off. */
export function toPixels(values: Float32Array): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(values.length);
  // The clamped array rounds to the nearest.
  for (let index = 0; index < values.length; index++) pixels[index] = ((values[index] as number) + 1) * 127.5;
  return new Uint8Array(pixels.buffer);
}
