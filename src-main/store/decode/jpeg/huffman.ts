/**
 * A code as tables that give a symbol and the bits of the value after it in one look (ITU-T T.81, F.2.2 and annex C).
 *
 * `symbols`, by the next {@link SYMBOL_BITS} bits: the symbol there; 0 for none, or for one that {@link longSymbol} finds. `runs`, by the next {@link RUN_BITS}: as
 * many symbols as end within them, for coefficients that are passed over; 0 where {@link runAt} did not look yet.
 */
export interface HuffmanTable {
  readonly kind: 'dc' | 'ac';
  readonly symbols: Int32Array;
  readonly runs: Uint16Array;
  /** By length, one more than the last code of that length, at the left of 32 bits; and what makes a code of that length a place in `values`. */
  readonly ends: Float64Array;
  readonly shifts: Int32Array;
  readonly values: Uint8Array;
}

const CODE_BITS_MOST = 16;
export const SYMBOL_BITS = 10;
export const RUN_BITS = 11;

/** Of a symbol: the bits that it takes, with those of its value where that is in it. */
export const LENGTH = 31;
/** Then coefficients that it moves on by (the zeros before it, and itself), 0 for the end of the block; and bits of its value that are still to be read. */
export const ADVANCE_AT = 5;
export const ADVANCE = 31;
export const PENDING_AT = 10;
export const PENDING = 15;
/** Whether its value is in it, and that. */
export const WHOLE = 1 << 15;
export const VALUE_AT = 16;

/** Of a run: the bits that it takes, coefficients that it moves on by, of which the end of a block counts as one, and whether it ends there. */
export const RUN_LENGTH = 15;
export const RUN_ADVANCE_AT = 4;
export const RUN_ADVANCE = 127;
export const RUN_ENDS = 1 << 11;

/** Bits of a value of 8-bit pictures at most (T.81, tables F.1 and F.2). */
const DC_BITS_MOST = 11;
const AC_BITS_MOST = 10;
const ZERO_RUN = 0xf0;
const BLOCK = 64;

/**
 * The tables of a code: `counts`, how many codes have 1 … 16 bits, and their `values` in order. Undefined where there are more codes than fit (T.81, C.2), or
 * values that no 8-bit picture has.
 */
export function huffmanTable(kind: 'dc' | 'ac', counts: Uint8Array, values: Uint8Array): HuffmanTable | undefined {
  const symbols = new Int32Array(1 << SYMBOL_BITS);
  const [ends, shifts] = [new Float64Array(CODE_BITS_MOST + 1), new Int32Array(CODE_BITS_MOST + 1)];
  let [code, index] = [0, 0];
  for (let length = 1; length <= CODE_BITS_MOST; length++) {
    shifts[length] = index - code;
    for (const end = index + (counts[length - 1] as number); index < end; index++, code++) {
      const symbol = symbolOf(kind, values[index] as number, length);
      if (code >= 1 << length || symbol === 0) return undefined;
      if (length <= SYMBOL_BITS) fillSymbol(symbols, code << (SYMBOL_BITS - length), length, symbol);
    }
    ends[length] = code * 2 ** (32 - length);
    code <<= 1;
  }
  return { kind, symbols, runs: new Uint16Array(kind === 'ac' ? 1 << RUN_BITS : 0), ends, shifts, values };
}

/** A symbol whose value is still to be read; 0 for one that no 8-bit picture has. */
function symbolOf(kind: 'dc' | 'ac', value: number, length: number): number {
  if (kind === 'dc') {
    if (value > DC_BITS_MOST) return 0;
    return length | (1 << ADVANCE_AT) | (value << PENDING_AT) | (value === 0 ? WHOLE : 0);
  }
  if (value === 0) return length;
  if (value === ZERO_RUN) return length | ((BLOCK / 4) << ADVANCE_AT) | WHOLE;
  const [zeros, bits] = [value >> 4, value & 15];
  return bits === 0 || bits > AC_BITS_MOST ? 0 : length | ((zeros + 1) << ADVANCE_AT) | (bits << PENDING_AT);
}

/** Writes a symbol wherever its code stands first, with the value that follows it where all of its bits are seen. */
function fillSymbol(symbols: Int32Array, from: number, length: number, symbol: number): void {
  const places = 1 << (SYMBOL_BITS - length);
  const bits = (symbol >> PENDING_AT) & PENDING;
  if (bits === 0 || length + bits > SYMBOL_BITS) {
    symbols.fill(symbol, from, from + places);
    return;
  }
  const each = places >> bits;
  const known = ((symbol & ~(PENDING << PENDING_AT)) + bits) | WHOLE;
  for (let value = 0, at = from; at < from + places; value++, at += each) {
    symbols.fill(known | (extended(value, bits) << VALUE_AT), at, at + each);
  }
}

/** The number that so many bits stand for (T.81, F.2.2.1, EXTEND). */
export const extended = (value: number, bits: number): number =>
  value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;

/** Looks which symbols end within so many bits, and puts it into `runs`: of the many that there may be, a picture has few. */
export function runAt({ symbols, runs }: HuffmanTable, index: number): number {
  let [length, advance, end] = [0, 0, 0];
  while (length < RUN_BITS && end === 0) {
    const symbol = symbols[((index << length) & ((1 << RUN_BITS) - 1)) >> (RUN_BITS - SYMBOL_BITS)] as number;
    const bits = (symbol & LENGTH) + ((symbol >> PENDING_AT) & PENDING);
    const step = (symbol >> ADVANCE_AT) & ADVANCE;
    if (symbol === 0 || length + bits > RUN_BITS || advance + Math.max(1, step) > BLOCK) break;
    length += bits;
    advance += Math.max(1, step);
    if (step === 0) end = RUN_ENDS;
  }
  const run = length | (advance << RUN_ADVANCE_AT) | end;
  runs[index] = run;
  return run;
}

/** The symbol whose code the bits begin with, at the left of 32, where it is longer than the table tells; 0: none. */
export function longSymbol({ kind, ends, shifts, values }: HuffmanTable, bits: number): number {
  for (let length = SYMBOL_BITS + 1; length <= CODE_BITS_MOST; length++) {
    if (bits >>> 0 >= (ends[length] as number)) continue;
    return symbolOf(kind, values[(bits >>> (32 - length)) + (shifts[length] as number)] as number, length);
  }
  return 0;
}
