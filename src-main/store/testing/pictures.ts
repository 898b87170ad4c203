import sharp, { type Sharp } from 'sharp';
import { uniform } from '#shared/math/random';

/** Smooth colours that differ with the seed, so that no two pictures have the same bytes: a picture to be encoded in any format. */
export function colourful(seed: number, width = 48, height = 40): Sharp {
  const [red, green, blue] = [0, 1, 2].map((index) => 40 + 175 * uniform(seed, 1, index)) as [number, number, number];
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at += 3) {
    const shade = (at / pixels.length) * 40;
    pixels.set([red + shade, green - shade, blue + shade / 2], at);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Left half red, right half blue, upright. */
export function redBlue(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let index = 0; index < width * height; index++) {
    pixels[index * 3 + (index % width < width / 2 ? 0 : 2)] = 255;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
