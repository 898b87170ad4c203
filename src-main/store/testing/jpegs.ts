import sharp, { type Sharp } from 'sharp';
import { uniform } from '#shared/math/random';

/** A picture with the detail of a photograph and edges of saturated colour, to be encoded. */
export async function detailed(seed: number, width: number, height: number): Promise<Sharp> {
  const layer = (side: number) => {
    const noise = Buffer.from(Array.from({ length: side * side * 3 }, (_, at) => 256 * uniform(seed, side, at)));
    const raw = { width: side, height: side, channels: 3 } as const;
    return sharp(noise, { raw }).resize(width, height, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer();
  };
  const [coarse, middle, fine] = await Promise.all([layer(5), layer(24), layer(120)]);
  const pixels = coarse.map((value, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    const inside = (x / width - 0.4) ** 2 + (y / height - 0.5) ** 2 < 0.04;
    if (inside) return at % 3 === seed % 3 ? 250 : 10;
    return 0.6 * value + 0.25 * (middle[at] as number) + 0.15 * (fine[at] as number);
  });
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** The middle of a picture `[height, width, channels]` at `size`²: Lanczos with three lobes, in floats, as the sum that it is. */
export function lanczosReference(
  data: Uint8Array,
  width: number,
  height: number,
  channels: number,
  size: number,
): Float64Array {
  const shrink = Math.min(width, height) / size;
  const across = contributions(width, Math.round(width / shrink), size);
  const down = contributions(height, Math.round(height / shrink), size);
  const rows = new Float64Array(height * size * channels);
  for (let y = 0; y < height; y++) {
    across.forEach((samples, x) => {
      for (let channel = 0; channel < channels; channel++) {
        const value = (column: number) => data[(y * width + column) * channels + channel] as number;
        rows[(y * size + x) * channels + channel] = samples.reduce((sum, [at, weight]) => sum + weight * value(at), 0);
      }
    });
  }
  const row = size * channels;
  return Float64Array.from({ length: size * row }, (_, index) => {
    const samples = down[Math.floor(index / row)] as readonly Contribution[];
    const sum = samples.reduce((total, [at, weight]) => total + weight * (rows[at * row + (index % row)] as number), 0);
    return Math.max(0, Math.min(255, sum));
  });
}

type Contribution = readonly [at: number, weight: number];

function contributions(length: number, whole: number, size: number): readonly (readonly Contribution[])[] {
  const ratio = length / whole;
  const first = Math.ceil((whole - size) / 2);
  return Array.from({ length: size }, (_, index) => {
    const middle = (index + first + 0.5) * ratio;
    const found: [number, number][] = [];
    for (let at = Math.floor(middle - 3 * ratio); at <= middle + 3 * ratio; at++) {
      found.push([Math.max(0, Math.min(length - 1, at)), kernel((at + 0.5 - middle) / ratio)]);
    }
    const sum = found.reduce((total, [, weight]) => total + weight, 0);
    return found.map(([at, weight]) => [at, weight / sum] as const);
  });
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const kernel = (x: number) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0);

/** Mean absolute and root mean square difference. */
export function differences(a: Uint8Array, b: ArrayLike<number>): { mean: number; rms: number } {
  let [sum, squares] = [0, 0];
  a.forEach((value, at) => {
    const difference = value - (b[at] as number);
    sum += Math.abs(difference);
    squares += difference ** 2;
  });
  return { mean: sum / a.length, rms: Math.sqrt(squares / a.length) };
}
