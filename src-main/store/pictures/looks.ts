/** What a picture looks like, in a few numbers: for flags, for finding near duplicates and outliers. */
export interface Looks {
  /** Mean and standard deviation of its luma, 0 … 255. */
  readonly mean: number;
  readonly deviation: number;
  /** See {@link perceptualHash}, 8 bytes. */
  readonly looks: Uint8Array;
}

/** Side that pictures are brought to before their hash is taken, and the frequencies that it is taken of, in each direction. */
const SIDE = 32;
const FREQUENCIES = 8;
/** Frequencies below it are float32's rounding of a picture in one colour; a pattern of one grey level has hundreds. */
const ROUNDING = 1;
/** Luma of ITU-R BT.601, for gamma-encoded red, green and blue. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** `pixels`: `[size, size, channels]`. */
export function looksOf(pixels: Uint8Array, size: number, channels: 1 | 3): Looks {
  const luma = lumaOf(pixels, channels);
  let [sum, squares] = [0, 0];
  // Not by an iterator, which takes ten times as long.
  for (let index = 0; index < luma.length; index++) {
    const value = luma[index] as number;
    sum += value;
    squares += value * value;
  }
  const mean = sum / luma.length;
  const deviation = Math.sqrt(Math.max(0, squares / luma.length - mean * mean));
  return { mean, deviation, looks: perceptualHash(luma, size) };
}

function lumaOf(pixels: Uint8Array, channels: 1 | 3): Float32Array {
  if (channels === 1) return Float32Array.from(pixels);
  const luma = new Float32Array(pixels.length / 3);
  for (let index = 0, at = 0; index < luma.length; index++, at += 3) {
    luma[index] =
      LUMA[0] * (pixels[at] as number) + LUMA[1] * (pixels[at + 1] as number) + LUMA[2] * (pixels[at + 2] as number);
  }
  return luma;
}

/**
 * 64 bits of which few change when a picture is saved again, scaled, or made somewhat lighter: the signs, against their median, of the lowest 8×8 frequencies
 * of its 32×32 luma without the mean (Zauner 2010, “Implementation and Benchmarking of Perceptual Image Hash Functions”, section 3.2.1). All zero for one colour.
 */
function perceptualHash(luma: Float32Array, size: number): Uint8Array {
  const frequencies = lowFrequencies(resample(luma, size));
  const median = frequencies.toSorted()[frequencies.length >> 1] as number;
  const bits = new Uint8Array(8);
  frequencies.forEach((value, index) => {
    if (value > median && Math.abs(value) > ROUNDING)
      bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7));
  });
  return bits;
}

/** Means over cells of the picture, `[SIDE, SIDE]`; a picture smaller than that is repeated in its pixels. */
function resample(luma: Float32Array, size: number): Float32Array {
  const small = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    const [top, bottom] = cell(y, size);
    for (let x = 0; x < SIDE; x++) {
      const [left, right] = cell(x, size);
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) sum += luma[row * size + column] as number;
      }
      small[y * SIDE + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return small;
}

function cell(index: number, size: number): [from: number, to: number] {
  const from = Math.floor((index * size) / SIDE);
  return [from, Math.max(from + 1, Math.floor(((index + 1) * size) / SIDE))];
}

/** Rows 1 … 8 of the discrete cosine transform (DCT-II), `[FREQUENCIES, SIDE]`: without the constant one. */
const COSINES = Float32Array.from({ length: FREQUENCIES * SIDE }, (_, index) => {
  const [frequency, place] = [1 + Math.floor(index / SIDE), index % SIDE];
  return Math.cos((Math.PI * frequency * (2 * place + 1)) / (2 * SIDE));
});

/** `[FREQUENCIES, FREQUENCIES]` of a picture `[SIDE, SIDE]`. */
function lowFrequencies(picture: Float32Array): Float32Array {
  const rows = new Float32Array(FREQUENCIES * SIDE);
  for (let u = 0; u < FREQUENCIES; u++) {
    for (let y = 0; y < SIDE; y++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += (COSINES[u * SIDE + x] as number) * (picture[y * SIDE + x] as number);
      rows[u * SIDE + y] = sum;
    }
  }
  const result = new Float32Array(FREQUENCIES * FREQUENCIES);
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += (COSINES[v * SIDE + y] as number) * (rows[u * SIDE + y] as number);
      result[v * FREQUENCIES + u] = sum;
    }
  }
  return result;
}

/** Bits in which two hashes differ, 0 … 64. */
export function hashDistance(a: Uint8Array, b: Uint8Array): number {
  let distance = 0;
  for (let index = 0; index < 8; index++) {
    for (let rest = (a[index] as number) ^ (b[index] as number); rest; rest &= rest - 1) distance++;
  }
  return distance;
}
