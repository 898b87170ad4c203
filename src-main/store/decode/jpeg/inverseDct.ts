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
  readonly scales: Float64Array;
}

function blockShape(side: BlockSide): BlockShape {
  const places = new Uint8Array(PAST_END + 1).fill(side * side);
  const scales = new Float64Array(PAST_END + 1);
  let last = 0;
  for (const [index, [row, column]] of ZIGZAG.entries()) {
    if (row >= side || column >= side) continue;
    last = index;
    places[1 + index] = row * side + column;
    scales[1 + index] = scaleOf(row) * scaleOf(column);
  }
  return { side, last, places, scales };
}

/** Between the orthonormal transforms of 8 numbers and of `side`, of which the sums below leave it out (T.81, A.3.3). */
const scaleOf = (frequency: number): number => (frequency === 0 ? Math.SQRT1_2 / 2 : 1 / 2);

export const blockShapes: Readonly<Record<BlockSide, BlockShape>> = {
  1: blockShape(1),
  2: blockShape(2),
  4: blockShape(4),
  8: blockShape(8),
};

/** Cosines of π/16 and its multiples. */
const C1 = Math.cos(Math.PI / 16);
const C2 = Math.cos(Math.PI / 8);
const C3 = Math.cos((3 * Math.PI) / 16);
const C4 = Math.SQRT1_2;
const C5 = Math.cos((5 * Math.PI) / 16);
const C6 = Math.cos((3 * Math.PI) / 8);
const C7 = Math.cos((7 * Math.PI) / 16);

/** Writes the samples of a block, its coefficients `[side, side]`, to a plane. Of the block nothing can be relied on afterwards. */
export function writeSamples(
  block: Float64Array,
  side: BlockSide,
  plane: Float32Array,
  at: number,
  stride: number,
): void {
  if (side === 1) plane[at] = block[0] as number;
  else if (side === 2) inverse2(block, plane, at, stride);
  else if (side === 4) inverse4(block, plane, at, stride);
  else inverse8(block, plane, at, stride);
}

function inverse2(block: Float64Array, plane: Float32Array, at: number, stride: number): void {
  const mean = block[0] as number;
  const across = C4 * (block[1] as number);
  const down = C4 * (block[2] as number);
  const both = (block[3] as number) / 2;
  plane[at] = mean + across + down + both;
  plane[at + 1] = mean - across + down - both;
  plane[at + stride] = mean + across - down - both;
  plane[at + stride + 1] = mean - across - down + both;
}

function inverse4(block: Float64Array, plane: Float32Array, at: number, stride: number): void {
  for (let column = 0; column < 4; column++) {
    const a = block[column] as number;
    const b = block[4 + column] as number;
    const c = C4 * (block[8 + column] as number);
    const d = block[12 + column] as number;
    const outer = C2 * b + C6 * d;
    const inner = C6 * b - C2 * d;
    block[column] = a + c + outer;
    block[4 + column] = a - c + inner;
    block[8 + column] = a - c - inner;
    block[12 + column] = a + c - outer;
  }
  for (let row = 0, to = at; row < 16; row += 4, to += stride) {
    const a = block[row] as number;
    const b = block[row + 1] as number;
    const c = C4 * (block[row + 2] as number);
    const d = block[row + 3] as number;
    const outer = C2 * b + C6 * d;
    const inner = C6 * b - C2 * d;
    plane[to] = a + c + outer;
    plane[to + 1] = a - c + inner;
    plane[to + 2] = a - c - inner;
    plane[to + 3] = a + c - outer;
  }
}

function inverse8(block: Float64Array, plane: Float32Array, at: number, stride: number): void {
  for (let column = 0; column < EIGHT; column++) inverseLine8(block, column, EIGHT);
  for (let row = 0; row < EIGHT; row++) {
    inverseLine8(block, row * EIGHT, 1);
    const to = at + row * stride;
    for (let column = 0; column < EIGHT; column++) plane[to + column] = block[row * EIGHT + column] as number;
  }
}

/** Eight coefficients that stand `step` apart become samples: the even ones as four of them do, the odd ones with the other sign in the second half. */
function inverseLine8(block: Float64Array, from: number, step: number): void {
  const a = block[from] as number;
  const b = block[from + step] as number;
  const c = block[from + 2 * step] as number;
  const d = block[from + 3 * step] as number;
  const e = C4 * (block[from + 4 * step] as number);
  const f = block[from + 5 * step] as number;
  const g = block[from + 6 * step] as number;
  const h = block[from + 7 * step] as number;
  const outer = C2 * c + C6 * g;
  const inner = C6 * c - C2 * g;
  const first = C1 * b + C3 * d + C5 * f + C7 * h;
  const second = C3 * b - C7 * d - C1 * f - C5 * h;
  const third = C5 * b - C1 * d + C7 * f + C3 * h;
  const fourth = C7 * b - C5 * d + C3 * f - C1 * h;
  block[from] = a + e + outer + first;
  block[from + step] = a - e + inner + second;
  block[from + 2 * step] = a - e - inner + third;
  block[from + 3 * step] = a + e - outer + fourth;
  block[from + 4 * step] = a + e - outer - fourth;
  block[from + 5 * step] = a - e - inner - third;
  block[from + 6 * step] = a - e + inner - second;
  block[from + 7 * step] = a + e + outer - first;
}
