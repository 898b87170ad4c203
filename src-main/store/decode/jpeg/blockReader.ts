import {
  ADVANCE,
  ADVANCE_AT,
  extended,
  LENGTH,
  longSymbol,
  PENDING,
  PENDING_AT,
  RUN_ADVANCE,
  RUN_ADVANCE_AT,
  RUN_BITS,
  RUN_ENDS,
  RUN_LENGTH,
  runAt,
  SYMBOL_BITS,
  VALUE_AT,
  WHOLE,
  type HuffmanTable,
} from './huffman';

const BLOCK = 64;
/** Where a block that ends before its last coefficient is said to have come to. */
const ENDED = -1;
const WRONG = -2;
/** What no coefficient is, in units of samples, but where a picture is damaged: 8-bit samples give 1024 at most, and a quarter of it are samples. */
const FAR = 288;

/** How the blocks of a component are read. */
export interface BlockCode {
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
  /** The last coefficient that is wanted, in the order in which they are stored. */
  readonly last: number;
  /** By one more than a coefficient's number: where it goes, and what it is multiplied with. Long enough for a run of zeros past the last one. */
  readonly places: Uint8Array;
  readonly scales: Float64Array;
}

/** Reads one block after the other from a scan's codes (ITU-T T.81, F.2.2). The codes must go on, as zeros, for one unit of the scan beyond their end. */
export class BlockReader {
  /** Bits that were read. */
  at = 0;
  /** Of the block that was read: its mean, as the difference to that of the block before. */
  difference = 0;
  /** Whether it has more than its mean. */
  varied = false;
  readonly #codes: DataView;

  constructor(codes: DataView) {
    this.#codes = codes;
  }

  /** Reads a block: its mean to `difference`, and the other coefficients that are wanted into `block`. False: these are no codes of a block. */
  read(code: BlockCode, block: Float64Array): boolean {
    if (!this.#readDifference(code.dc)) return false;
    const next = this.#readWanted(code, block);
    return next === ENDED || (next > 0 && this.#passOver(code.ac, next));
  }

  #readDifference(dc: HuffmanTable): boolean {
    const codes = this.#codes;
    const { at } = this;
    const here = codes.getInt32(at >>> 3) << (at & 7);
    const known = dc.symbols[here >>> (32 - SYMBOL_BITS)] as number;
    const symbol = known !== 0 ? known : longSymbol(dc, here);
    if (symbol === 0) return false;
    const after = at + (symbol & LENGTH);
    const bits = (symbol >> PENDING_AT) & PENDING;
    this.at = after + bits;
    this.difference = bits === 0 ? symbol >> VALUE_AT : valueAt(codes, after, bits);
    return true;
  }

  /** The coefficients from 1 to the last that is wanted; the one that comes next, or ENDED, or WRONG. */
  #readWanted({ ac, last, places, scales }: BlockCode, block: Float64Array): number {
    const codes = this.#codes;
    const { symbols } = ac;
    let { at } = this;
    let next = 1;
    while (next <= last) {
      const here = codes.getInt32(at >>> 3) << (at & 7);
      const known = symbols[here >>> (32 - SYMBOL_BITS)] as number;
      if ((known & WHOLE) !== 0) {
        at += known & LENGTH;
        next += (known >> ADVANCE_AT) & ADVANCE;
        const value = (known >> VALUE_AT) * (scales[next] as number);
        if (Math.abs(value) > FAR) return WRONG;
        block[places[next] as number] = value;
        continue;
      }
      const symbol = known !== 0 ? known : longSymbol(ac, here);
      if (symbol === 0) return WRONG;
      at += symbol & LENGTH;
      const advance = (symbol >> ADVANCE_AT) & ADVANCE;
      if (advance === 0) {
        this.at = at;
        this.varied = next > 1;
        return ENDED;
      }
      next += advance;
      const bits = (symbol >> PENDING_AT) & PENDING;
      const value = bits > 0 ? valueAt(codes, at, bits) * (scales[next] as number) : 0;
      if (Math.abs(value) > FAR) return WRONG;
      block[places[next] as number] = value;
      at += bits;
    }
    this.at = at;
    this.varied = last > 0;
    return next;
  }

  /** The rest of a block, from a coefficient on that is not wanted any more. */
  #passOver(ac: HuffmanTable, from: number): boolean {
    const codes = this.#codes;
    const { symbols, runs } = ac;
    let { at } = this;
    let next = from;
    while (next < BLOCK) {
      const here = codes.getInt32(at >>> 3) << (at & 7);
      const index = here >>> (32 - RUN_BITS);
      const known = runs[index] as number;
      const run = known !== 0 ? known : runAt(ac, index);
      const length = run & RUN_LENGTH;
      const after = next + ((run >> RUN_ADVANCE_AT) & RUN_ADVANCE);
      if (length !== 0 && after <= BLOCK) {
        at += length;
        next = after;
        if (run >= RUN_ENDS) break;
        continue;
      }
      // One that is too long for it, or of several only the first ones are the block's.
      const short = symbols[here >>> (32 - SYMBOL_BITS)] as number;
      const symbol = short !== 0 ? short : longSymbol(ac, here);
      if (symbol === 0) return false;
      at += (symbol & LENGTH) + ((symbol >> PENDING_AT) & PENDING);
      const advance = (symbol >> ADVANCE_AT) & ADVANCE;
      if (advance === 0) break;
      next += advance;
    }
    this.at = at;
    return next <= BLOCK;
  }
}

const valueAt = (codes: DataView, at: number, bits: number): number =>
  extended((codes.getInt32(at >>> 3) << (at & 7)) >>> (32 - bits), bits);
