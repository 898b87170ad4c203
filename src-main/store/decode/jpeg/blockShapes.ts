/** Samples that a block of 8×8 becomes in each direction. */
export type BlockSide = 1 | 2 | 4 | 8;

const EIGHT = 8;

/** Row and column of each of a block's coefficients, in the order in which they are stored (ITU-T T.81, figure A.6). */
const ZIGZAG = Array.from({ length: EIGHT * EIGHT }, (_, index) => [Math.floor(index / EIGHT), index % EIGHT] as const)
  // prettier-ignore
  .toSorted(([a, b], [c, d]) => a + b - (c + d) || ((a + b) % 2 === 0 ? c - a : a - c));

/** A run of zeros may lead past a block's end before that is seen. */
const PAST_END = EIGHT * EIGHT + 16;

/** What of a block becomes its samples: its lowest frequencies, as libjpeg's scaled decoding takes them. */
export interface BlockShape {
  readonly side: BlockSide;
  /** The last coefficient that is wanted. */
  readonly last: number;
  /** By one more than its number: a coefficient's place in `[side, side]`, the place after the last for those that are not wanted; and what it is multiplied with. */
  readonly places: Uint8Array;
  readonly scales: Float32Array;
}

function blockShape(side: BlockSide): BlockShape {
  const places = new Uint8Array(PAST_END + 1).fill(side * side);
  const scales = new Float32Array(PAST_END + 1);
  let last = 0;
  for (const [index, [row, column]] of ZIGZAG.entries()) {
    if (row >= side || column >= side) continue;
    last = index;
    places[1 + index] = row * side + column;
    scales[1 + index] = scaleOf(row) * scaleOf(column);
  }
  return { side, last, places, scales };
}

/** Between the orthonormal transforms of 8 numbers and of `side`, of which the kernel's sums leave it out (T.81, A.3.3). */
const scaleOf = (frequency: number): number => (frequency === 0 ? Math.SQRT1_2 / 2 : 1 / 2);

export const blockShapes: Readonly<Record<BlockSide, BlockShape>> = {
  1: blockShape(1),
  2: blockShape(2),
  4: blockShape(4),
  8: blockShape(8),
};
