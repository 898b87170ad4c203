import { kernel } from './kernel';

/** The codes of a scan, without what markers and stuffing put between them, in the kernel's memory. */
export interface Scan {
  /** The last eight bytes of the codes: they lie backwards, and go on as zeros for {@link BEYOND} bytes. */
  readonly last: number;
  /** Where each interval between restart markers ends, in bytes. */
  readonly ends: readonly number[];
}

const [FILL, RST0, EOI] = [0xff, 0xd0, 0xd9];
/** More than one unit takes: ten blocks of 64 coefficients, of 26 bits at most. */
const BEYOND = 4096;
/** That are read at once. */
const READ = 8;

/**
 * A scan from its first code to the end of the picture (ITU-T T.81, B.1.1.5 and B.2.1). Undefined unless it has as many intervals as it should, each with its marker
 * in turn, and the picture ends right after them.
 */
export function readScan(bytes: Uint8Array, from: number, intervals: number): Scan | undefined {
  // A Buffer finds and copies at once what a loop in JavaScript takes a picture's half time for.
  const read = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const room = bytes.length - from + BEYOND;
  const place = kernel.take(room);
  const codes = kernel.bytes(place, room);
  const ends: number[] = [];
  let [at, to] = [from, 0];
  while (ends.length < intervals) {
    const fill = read.indexOf(FILL, at);
    if (fill < 0) return undefined;
    read.copy(codes, to, at, fill + 1);
    to += fill + 1 - at;
    at = fill + 2;
    const marker = read[fill + 1];
    if (marker === 0) continue;
    to -= 1;
    ends.push(to);
    const wanted = ends.length === intervals ? EOI : RST0 + ((ends.length - 1) & 7);
    if (marker !== wanted) return undefined;
  }
  const length = to + BEYOND;
  codes.fill(0, to, length).subarray(0, length).reverse();
  return { last: place + length - READ, ends };
}
