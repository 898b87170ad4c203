/**
 * A code as tables that give a symbol in one look (ITU-T T.81, F.2.2 and annex C). A symbol is the bits that its code takes; from 1 << 5 on the coefficients that it
 * moves on by (the zeros before it, and itself), 0 for the end of the block; and from 1 << 10 on the bits of the value after it.
 */
export interface HuffmanTable {
  /** By the next {@link SYMBOL_BITS} bits the symbol there; 0 for none, or for one whose code is longer. */
  readonly symbols: Int32Array;
  /** By length: one more than the last code of that length, and what makes a code of that length a place in `values`. */
  readonly ends: Int32Array;
  /** All symbols in order, without the bits that their codes take. */
  readonly values: Int32Array;
}

const CODE_BITS_MOST = 16;
const SYMBOL_BITS = 10;
const ADVANCE_AT = 5;
const BITS_AT = 10;

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
  const ends = new Int32Array(2 * (CODE_BITS_MOST + 1));
  const all = Int32Array.from(values, kind === 'dc' ? dcSymbol : acSymbol);
  if (all.includes(NONE)) return undefined;
  let [code, index] = [0, 0];
  for (let length = 1; length <= CODE_BITS_MOST; length++) {
    ends[2 * length + 1] = index - code;
    for (const end = index + (counts[length - 1] as number); index < end; index++, code++) {
      if (code >= 1 << length) return undefined;
      if (length > SYMBOL_BITS) continue;
      const from = code << (SYMBOL_BITS - length);
      symbols.fill((all[index] as number) | length, from, from + (1 << (SYMBOL_BITS - length)));
    }
    ends[2 * length] = code;
    code <<= 1;
  }
  return { symbols, ends, values: all };
}

/** No 8-bit picture has it. */
const NONE = -1;

const dcSymbol = (value: number): number => (value > DC_BITS_MOST ? NONE : (1 << ADVANCE_AT) | (value << BITS_AT));

function acSymbol(value: number): number {
  if (value === 0) return 0;
  if (value === ZERO_RUN) return (BLOCK / 4) << ADVANCE_AT;
  const [zeros, bits] = [value >> 4, value & 15];
  return bits === 0 || bits > AC_BITS_MOST ? NONE : ((zeros + 1) << ADVANCE_AT) | (bits << BITS_AT);
}
