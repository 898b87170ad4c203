import { uniform } from '#shared/math/random';

/** A Windows bitmap of stripes that differ with the seed, 48×40, of that many bits a pixel, as BITMAPINFOHEADER describes it. */
export function bmp(depth: 1 | 4 | 8 | 16 | 24 | 32, seed: number, width = 48, height = 40): Uint8Array {
  const colours = depth <= 8 ? 1 << depth : 0;
  const stride = Math.ceil((width * depth) / 32) * 4;
  const start = 54 + colours * 4;
  const bytes = Buffer.alloc(start + stride * height);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(start, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(depth, 28);
  bytes.writeUInt32LE(colours, 46);
  const random = (index: number) => Math.floor(256 * uniform(seed, 6, index));
  for (let index = 0; index < colours; index++)
    bytes.set([random(3 * index), random(3 * index + 1), random(3 * index + 2)], 54 + 4 * index);
  // Whole bytes of one value make stripes at every depth.
  for (let row = 0; row < height; row++)
    bytes.fill(random(1000 + (row >> 2)), start + row * stride, start + (row + 1) * stride);
  return Uint8Array.from(bytes);
}
