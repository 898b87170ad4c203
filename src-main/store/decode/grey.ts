/** Colour channels that differ less than this are taken for grey: JPEG and colour profiles shift greys by a few levels. */
const GREY_TOLERANCE = 10;

/** Whether red, green and blue are as good as the same everywhere, `[…, 3]`. */
export function isGrey(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    const [red, green, blue] = [pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > GREY_TOLERANCE) return false;
  }
  return true;
}
