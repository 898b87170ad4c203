import { expect, test } from 'vitest';
import { uniform } from '#shared/math/random';
import { resample, weightsFor } from './resample';

test.each([
  { length: 128, whole: 64, first: 0, size: 64, columns: 5, missing: 0 },
  { length: 256, whole: 128, first: 32, size: 64, columns: 3, missing: 40 },
  { length: 40, whole: 20, first: 1, size: 18, columns: 4, missing: 0 },
])('halving gives what the sum over all samples gives: $length to $whole, $size from $first', (line) => {
  const { length, columns, missing, size } = line;
  const weights = weightsFor({ ...line, extent: length });
  if (!weights) throw new Error('too short');
  const [from, to] = weights.halved;
  expect(to - from).toBeGreaterThan(size / 2);
  const all = Float32Array.from({ length: length * columns }, (_, at) => 255 * uniform(1, columns, at));
  const lines = { samples: all.subarray(missing * columns), stride: columns, columns, missing };
  const [halved, summed] = [new Float32Array(columns * size), new Float32Array(columns * size)];
  resample(lines, weights, halved);
  resample(lines, { ...weights, halved: [0, 0] }, summed);
  for (const [at, value] of summed.entries()) expect(halved[at]).toBeCloseTo(value, 3);
});

test('there is none where two old samples do not make a new one', () => {
  for (const [length, extent, whole] of [
    [100, 100, 64],
    [128, 127.5, 64],
    [64, 64, 64],
  ] as const) {
    const weights = weightsFor({ length, extent, whole, first: 0, size: whole });
    const [from, to] = weights?.halved ?? [0, 0];
    expect(to - from).toBeLessThanOrEqual(1);
  }
});
