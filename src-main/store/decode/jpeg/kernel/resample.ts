import { storeLaid } from './transforms';

/**
 * Brings lines that stand side by side, float32 `[length, stride]`, the first `columns` of them, to `size` new samples each and lays them down, to `[columns, size]`: done
 * twice, it brings a picture to another size. Of each new sample `from` has the first old one (int32), `weights` `[size, taps]` (float32) what it and the next ones count.
 * Four lines and four samples at once: `columns`, `size` and `taps` are multiples of four.
 */
export function resample(
  samples: usize,
  stride: i32,
  columns: i32,
  from: usize,
  weights: usize,
  taps: i32,
  size: i32,
  made: usize,
): void {
  const line = (stride as usize) << 2;
  const lineMade = (size as usize) << 2;
  const each = (taps as usize) << 2;
  for (let column: usize = 0; column < (columns as usize); column += 4) {
    const top = samples + (column << 2);
    for (let index: usize = 0; index < (size as usize); index += 4) {
      const first = from + (index << 2);
      const weight = weights + index * each;
      storeLaid(
        summed(top + load<usize>(first) * line, line, weight, each),
        summed(top + load<usize>(first, 4) * line, line, weight + each, each),
        summed(top + load<usize>(first, 8) * line, line, weight + 2 * each, each),
        summed(top + load<usize>(first, 12) * line, line, weight + 3 * each, each),
        made + column * lineMade + (index << 2),
        lineMade,
      );
    }
  }
}

/** A new sample of four lines. */
function summed(from: usize, line: usize, weights: usize, each: usize): v128 {
  let sum = f32x4.splat(0);
  let at = from;
  for (let tap: usize = 0; tap < each; tap += 16) {
    const four = v128.load(weights + tap);
    const a = f32x4.mul(v128.load(at), v128.shuffle<f32>(four, four, 0, 0, 0, 0));
    const b = f32x4.mul(v128.load(at + line), v128.shuffle<f32>(four, four, 1, 1, 1, 1));
    const c = f32x4.mul(v128.load(at + 2 * line), v128.shuffle<f32>(four, four, 2, 2, 2, 2));
    const d = f32x4.mul(v128.load(at + 3 * line), v128.shuffle<f32>(four, four, 3, 3, 3, 3));
    sum = f32x4.add(sum, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
    at += 4 * line;
  }
  return sum;
}
