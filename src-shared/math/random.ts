/**
 * Counter-based random numbers: any number of any stream is computed without the ones before it, so a run resumed at step k
 * draws what an uninterrupted one draws, and a seed's picture is the same in every host.
 *
 * Philox 4×32-10 (Salmon, Moraes, Dror and Shaw 2011, “Parallel random numbers: as easy as 1, 2, 3”): key = seed, counter = (block, stream).
 */

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const WORD = 0x1_0000_0000;

/** The upper 32 bits of a 32×32-bit product, by halves: each sum below stays under 2³², so all is integer arithmetic. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) >>> 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/** Writes the four 32-bit words of one Philox block into `target`. Counter and key are 32-bit words, least significant first. */
export function philox(
  target: Uint32Array,
  [c0, c1, c2, c3]: readonly [number, number, number, number],
  [k0, k1]: readonly [number, number],
): void {
  writeBlock(target, c0, c1, c2, c3, k0, k1);
}

/** The same without lists: it runs for every four numbers that are drawn. */
function writeBlock(target: Uint32Array, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  target[0] = c0;
  target[1] = c1;
  target[2] = c2;
  target[3] = c3;
}

/** What each stream of a seed is for: two uses never share numbers. */
export const streams = {
  weights: 1,
  latents: 2,
  order: 3,
  fixedLatents: 4,
  explore: 5,
  layers: 6,
  shifts: 7,
  mix: 8,
  mirror: 9,
  heldOut: 10,
  resample: 11,
  resampledOrder: 12,
  cutout: 13,
  colour: 14,
  applied: 15,
  labels: 16,
  consistency: 17,
  classes: 18,
  exploreClasses: 19,
} as const;

const block = new Uint32Array(4);

function fillBlock(seed: number, stream: number, index: number): void {
  writeBlock(block, index % WORD, Math.floor(index / WORD), stream, 0, seed % WORD, Math.floor(seed / WORD));
}

/** In (0, 1), both ends excluded, so that its logarithm is finite. */
const fraction = (word: number): number => ((block[word] as number) + 0.5) / WORD;

/** The number at `position` of a stream, uniform in (0, 1). Seed and position are integers of up to 53 bits. */
export function uniform(seed: number, stream: number, position: number): number {
  fillBlock(seed, stream, Math.floor(position / 4));
  return fraction(position % 4);
}

/**
 * Fills `target` with the numbers `offset`, `offset + 1`, … of a stream: standard normal (Box and Muller 1958) or uniform in (−1, 1). By blocks of four,
 * which is what makes it fast: a dropout mask of a million numbers is drawn in each step.
 */
export function fillRandom(
  target: Float32Array,
  distribution: 'normal' | 'uniform',
  seed: number,
  stream: number,
  offset = 0,
): Float32Array {
  const write = distribution === 'uniform' ? writeUniform : writeNormal;
  const end = offset + target.length;
  for (let first = offset - (offset % 4); first < end; first += 4) {
    fillBlock(seed, stream, first / 4);
    if (first >= offset && first + 4 <= end) {
      write(target, first - offset);
      continue;
    }
    write(edge, 0);
    for (let word = Math.max(0, offset - first); word < Math.min(4, end - first); word++) {
      target[first - offset + word] = edge[word] as number;
    }
  }
  return target;
}

/** A block of which only a part is wanted. */
const edge = new Float32Array(4);

function writeUniform(target: Float32Array, at: number): void {
  for (let word = 0; word < 4; word++) target[at + word] = 2 * fraction(word) - 1;
}

/** Each pair of uniform numbers makes a pair of normal ones. */
function writeNormal(target: Float32Array, at: number): void {
  for (let pair = 0; pair < 4; pair += 2) {
    const radius = Math.sqrt(-2 * Math.log(fraction(pair)));
    const angle = 2 * Math.PI * fraction(pair + 1);
    target[at + pair] = radius * Math.cos(angle);
    target[at + pair + 1] = radius * Math.sin(angle);
  }
}

/** A permutation of 0 … count − 1 (Fisher and Yates), the same for the same seed and epoch. */
export function shuffledOrder(count: number, seed: number, epoch: number, stream: number = streams.order): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform(seed, stream, epoch * count + last) * (last + 1));
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  return order;
}
