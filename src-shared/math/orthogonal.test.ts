import { describe, expect, it } from 'vitest';
import { orthogonalise } from './orthogonal';
import { fillRandom, streams } from './random';

/** `[rows, columns]` of normal numbers, made orthogonal. */
function drawn(rows: number, columns: number, seed = 1): Float32Array {
  const values = fillRandom(new Float32Array(rows * columns), 'normal', seed, streams.weights);
  orthogonalise(values, columns);
  return values;
}

describe('an orthogonal matrix', () => {
  it.each([
    [6, 6],
    [48, 5],
    [5, 48],
    [1, 7],
    [7, 1],
  ])('of %d × %d has its shorter side’s vectors at right angles and of length 1', (rows, columns) => {
    const values = drawn(rows, columns);
    const at = (row: number, column: number) => values[row * columns + column] ?? NaN;
    const [count, length] = columns <= rows ? [columns, rows] : [rows, columns];
    const number = (vector: number, index: number) => (columns <= rows ? at(index, vector) : at(vector, index));
    for (let one = 0; one < count; one++) {
      for (let other = 0; other <= one; other++) {
        let sum = 0;
        for (let index = 0; index < length; index++) sum += number(one, index) * number(other, index);
        expect(sum).toBeCloseTo(one === other ? 1 : 0, 5);
      }
    }
  });

  it('favours no direction: over many seeds every number is on average 0 and its square 1 ÷ side', () => {
    const side = 4;
    const seeds = 4000;
    const [sums, squares] = [new Float64Array(side * side), new Float64Array(side * side)];
    for (let seed = 0; seed < seeds; seed++) {
      drawn(side, side, seed).forEach((value, index) => {
        sums[index] = (sums[index] ?? 0) + value / seeds;
        squares[index] = (squares[index] ?? 0) + value ** 2 / seeds;
      });
    }
    for (const mean of sums) expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / side / seeds));
    for (const square of squares) expect(Math.abs(square - 1 / side)).toBeLessThan(0.02);
  });
});
