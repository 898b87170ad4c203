// Inverse transforms of 1, 2, 4 and 8 coefficients in each direction (T.81, A.3.3), four lines at once.
import { BLOCK } from './blocks';

/** Cosines of π/16 and its multiples. */
const C1: f32 = 0.98078528;
const C2: f32 = 0.92387953;
const C3: f32 = 0.83146961;
const C4: f32 = 0.70710678;
const C5: f32 = 0.55557023;
const C6: f32 = 0.38268343;
const C7: f32 = 0.19509032;
/** Bytes of four numbers. */
const FOUR: usize = 16;

function times(a: v128, factor: f32): v128 {
  return f32x4.mul(a, f32x4.splat(factor));
}

function sum(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

function less(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

/** Writes the samples of {@link BLOCK} to a plane, whose lines are so many bytes apart, and clears it. */
export function writeSamples(side: i32, to: usize, line: usize): void {
  if (side === 1) store<f32>(to, load<f32>(BLOCK));
  else if (side === 2) inverse2(to, line);
  else if (side === 4) inverse4(to, line);
  else inverse8(to, line);
  clear(side);
}

/** Leaves the block as the next one finds it. */
export function clear(side: i32): void {
  const end = ((side * side) as usize) << 2;
  for (let at: usize = 0; at < end; at += FOUR) v128.store(BLOCK + at, f32x4.splat(0));
  store<f32>(BLOCK + end, 0);
}

/** The same of a block that has no more than its mean. */
export function writeMean(side: i32, to: usize, line: usize, mean: f32): void {
  if (side < 4) {
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) store<f32>(to + (row as usize) * line + (column << 2), mean);
    }
    return;
  }
  const four = f32x4.splat(mean);
  for (let row = 0; row < side; row++) {
    for (let at: usize = 0; at < (side as usize) << 2; at += FOUR) v128.store(to + (row as usize) * line + at, four);
  }
}

function inverse2(to: usize, line: usize): void {
  const mean = load<f32>(BLOCK);
  const across = C4 * load<f32>(BLOCK, 4);
  const down = C4 * load<f32>(BLOCK, 8);
  const both = load<f32>(BLOCK, 12) / 2;
  store<f32>(to, mean + across + down + both);
  store<f32>(to, mean - across + down - both, 4);
  store<f32>(to + line, mean + across - down - both);
  store<f32>(to + line, mean - across - down + both, 4);
}

/** The columns of the block become samples, and it is laid down: done twice, it is where it was. */
function inverse4(to: usize, line: usize): void {
  lines4();
  layDown(BLOCK, FOUR, BLOCK, FOUR);
  lines4();
  layDown(BLOCK, FOUR, to, line);
}

function lines4(): void {
  const a = v128.load(BLOCK);
  const b = v128.load(BLOCK, FOUR);
  const c = times(v128.load(BLOCK, 2 * FOUR), C4);
  const d = v128.load(BLOCK, 3 * FOUR);
  const outer = sum(times(b, C2), times(d, C6));
  const inner = less(times(b, C6), times(d, C2));
  const even = sum(a, c);
  const odd = less(a, c);
  v128.store(BLOCK, sum(even, outer));
  v128.store(BLOCK, sum(odd, inner), FOUR);
  v128.store(BLOCK, less(odd, inner), 2 * FOUR);
  v128.store(BLOCK, less(even, outer), 3 * FOUR);
}

/** Lays four lines of four numbers down: rows become columns. */
export function layDown(from: usize, line: usize, to: usize, lineTo: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + line);
  const c = v128.load(from + 2 * line);
  const d = v128.load(from + 3 * line);
  storeLaid(a, b, c, d, to, lineTo);
}

export function storeLaid(a: v128, b: v128, c: v128, d: v128, to: usize, line: usize): void {
  const left = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const right = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const under = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const beside = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(left, under, 0, 1, 4, 5));
  v128.store(to + line, v128.shuffle<f32>(left, under, 2, 3, 6, 7));
  v128.store(to + 2 * line, v128.shuffle<f32>(right, beside, 0, 1, 4, 5));
  v128.store(to + 3 * line, v128.shuffle<f32>(right, beside, 2, 3, 6, 7));
}

function inverse8(to: usize, line: usize): void {
  lines8(BLOCK);
  lines8(BLOCK + FOUR);
  layDown8(to, line);
  for (let row: usize = 0; row < 8; row++) memory.copy(BLOCK + row * 2 * FOUR, to + row * line, 2 * FOUR);
  lines8(BLOCK);
  lines8(BLOCK + FOUR);
  layDown8(to, line);
}

/** The block of 8×8 to a plane, rows as columns. */
function layDown8(to: usize, line: usize): void {
  for (let row: usize = 0; row < 2; row++) {
    for (let column: usize = 0; column < 2; column++) {
      layDown(BLOCK + row * 8 * FOUR + column * FOUR, 2 * FOUR, to + column * 4 * line + row * FOUR, line);
    }
  }
}

/** Eight coefficients of four columns become samples: the even ones as four of them do, the odd ones with the other sign in the second half. */
function lines8(from: usize): void {
  const a = v128.load(from);
  const b = v128.load(from, 2 * FOUR);
  const c = v128.load(from, 4 * FOUR);
  const d = v128.load(from, 6 * FOUR);
  const e = times(v128.load(from, 8 * FOUR), C4);
  const f = v128.load(from, 10 * FOUR);
  const g = v128.load(from, 12 * FOUR);
  const h = v128.load(from, 14 * FOUR);
  const outer = sum(times(c, C2), times(g, C6));
  const inner = less(times(c, C6), times(g, C2));
  const first = sum(sum(times(b, C1), times(d, C3)), sum(times(f, C5), times(h, C7)));
  const second = less(less(times(b, C3), times(d, C7)), sum(times(f, C1), times(h, C5)));
  const third = sum(less(times(b, C5), times(d, C1)), sum(times(f, C7), times(h, C3)));
  const fourth = sum(less(times(b, C7), times(d, C5)), less(times(f, C3), times(h, C1)));
  const even = sum(a, e);
  const odd = less(a, e);
  v128.store(from, sum(sum(even, outer), first));
  v128.store(from, sum(sum(odd, inner), second), 2 * FOUR);
  v128.store(from, sum(less(odd, inner), third), 4 * FOUR);
  v128.store(from, sum(less(even, outer), fourth), 6 * FOUR);
  v128.store(from, less(less(even, outer), fourth), 8 * FOUR);
  v128.store(from, less(less(odd, inner), third), 10 * FOUR);
  v128.store(from, less(sum(odd, inner), second), 12 * FOUR);
  v128.store(from, less(sum(even, outer), first), 14 * FOUR);
}
