import { expect, test } from 'vitest';
import { uniform } from '#shared/math/random';
import { kernel } from './kernel';
import { weightsFor } from './resample';

/** Lanczos' kernel with three lobes, as wide as the new samples are. */
function lanczos(x: number): number {
  if (x === 0) return 1;
  const angle = Math.PI * x;
  return Math.abs(x) >= 3 ? 0 : (3 * Math.sin(angle) * Math.sin(angle / 3)) / (angle * angle);
}

test.each([
  { length: 128, extent: 128, whole: 64, first: 0, size: 64, columns: 8 },
  { length: 256, extent: 256, whole: 128, first: 32, size: 64, columns: 4 },
  { length: 100, extent: 99.25, whole: 37, first: 3, size: 30, columns: 12 },
  { length: 64, extent: 64, whole: 64, first: 0, size: 64, columns: 4 },
  { length: 900, extent: 900, whole: 17, first: 0, size: 17, columns: 4 },
])('the kernel sums up what Lanczos says: $length to $whole, $size from $first', ({ columns, ...line }) => {
  const weights = weightsFor(line) ?? expect.fail('too short');
  const { length, extent, whole, first, size } = line;
  const samples = Float32Array.from({ length: length * columns }, (_, at) => 255 * uniform(1, columns, at));
  kernel.begin();
  const [placed, from, counts] = [samples, weights.from, weights.weights].map((numbers) => kernel.put(numbers)) as [number, number, number]; // prettier-ignore
  const stride = weights.from.length;
  const made = kernel.take(4 * columns * stride);
  kernel.resample(placed, columns, columns, from, counts, weights.taps, stride, made);
  const lines = kernel.floats(made, columns * stride);
  const ratio = extent / whole;
  for (let index = 0; index < size; index++) {
    const middle = (index + first + 0.5) * ratio - 0.5;
    const reach = Array.from({ length: Math.ceil(6 * ratio) + 2 }, (_, at) => Math.floor(middle - 3 * ratio) + at);
    const shares = reach.map((at) => lanczos((at - middle) / ratio));
    const total = shares.reduce((sum, share) => sum + share);
    for (let column = 0; column < columns; column++) {
      const wanted = reach.reduce((sum, at, tap) => {
        const inside = Math.max(0, Math.min(length - 1, at));
        return sum + ((shares[tap] ?? 0) / total) * (samples[inside * columns + column] ?? NaN);
      }, 0);
      expect(lines[column * stride + index]).toBeCloseTo(wanted, 2);
    }
  }
});

test('a line that is shorter than the kernel is refused', () => {
  expect(weightsFor({ length: 9, extent: 9, whole: 8, first: 0, size: 8 })).toBeDefined();
  expect(weightsFor({ length: 4, extent: 4, whole: 3, first: 0, size: 3 })).toBeUndefined();
});
