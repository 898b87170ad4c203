/**
 * Makes the matrix `[values.length / columns, columns]` orthogonal in place, by Gram and Schmidt: columns of length 1 at right angles to each other, or rows where
 * those are fewer. Of normal random numbers this gives each such matrix with equal chance (Saxe et al. 2014, section 3.1; Mezzadri 2007, whose condition on the
 * signs Gram and Schmidt meet by themselves). Takes rows · columns · min(rows, columns) multiplications twice over.
 */
export function orthogonalise(values: Float32Array, columns: number): void {
  const rows = values.length / columns;
  const [count, length] = columns <= rows ? [columns, rows] : [rows, columns];
  // Each vector's place, and the way from one of its numbers to the next.
  const [first, next] = columns <= rows ? [1, columns] : [columns, 1];
  const vectors: Float64Array[] = [];
  for (let vector = 0; vector < count; vector++) {
    const own = Float64Array.from({ length }, (_, index) => values[vector * first + index * next] as number);
    for (const other of vectors) subtract(own, other, dot(own, other));
    scale(own, 1 / Math.sqrt(dot(own, own)));
    vectors.push(own);
    own.forEach((value, index) => (values[vector * first + index * next] = value));
  }
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] as number) * (other[index] as number);
  return sum;
}

function subtract(from: Float64Array, what: Float64Array, factor: number): void {
  for (let index = 0; index < from.length; index++)
    from[index] = (from[index] as number) - factor * (what[index] as number);
}

function scale(vector: Float64Array, factor: number): void {
  for (let index = 0; index < vector.length; index++) vector[index] = (vector[index] as number) * factor;
}
