// Huffman codes as the tables of ../huffman.ts give them; of its constants.
import { BLOCK, Channel, FLAT, Table, VARIED, WRONG } from './blocks';

const SYMBOL_BITS: u32 = 10;
const RUN_BITS: u32 = 11;
const CODE_BITS_MOST: u32 = 16;
const COEFFICIENTS: u32 = 64;
/** What no coefficient is, in units of samples, but where a picture is damaged: 8-bit samples give 1024 at most, and a quarter of it are samples. */
const FAR: f32 = 288;

/** Bits that were read, and the last eight bytes of the codes: they lie backwards, so that eight of them are one number with the first bit at its top. */
let at: u32 = 0;
let codes: usize = 0;

export function startAt(bit: u32, last: usize): void {
  at = bit;
  codes = last;
}

export function position(): u32 {
  return at;
}

/** The bits from one on, 57 of them at least. */
function bitsFrom(bit: u32): u64 {
  return load<u64>(codes - (bit >>> 3)) << ((bit & 7) as u64);
}

function bitsOf(symbol: u32): u32 {
  return (symbol >>> 10) & 15;
}

function advanceOf(symbol: u32): u32 {
  return (symbol >>> 5) & 31;
}

function lengthOf(symbol: u32): u32 {
  return symbol & 31;
}

/** The number that so many bits, behind the first ones, stand for (T.81, F.2.2.1, EXTEND). No branch: one in two would be foreseen wrongly. */
function valueIn(here: u64, after: u32, bits: u32): i32 {
  const value = ((here << (after as u64)) >>> ((64 - bits) as u64)) as i32;
  return value + (((value - (1 << (bits - 1))) >> 31) & (1 - (1 << bits)));
}

function symbolIn(table: Table, here: u64): u32 {
  const known = load<u32>(table.symbols + (((here >>> (64 - SYMBOL_BITS)) as usize) << 2));
  return known !== 0 ? known : longSymbol(table, here);
}

/** The symbol whose code the bits begin with, where it is longer than the table tells; 0: none. */
function longSymbol(table: Table, here: u64): u32 {
  for (let length = SYMBOL_BITS + 1; length <= CODE_BITS_MOST; length++) {
    // One more than the last code of that length, and what makes a code a place among the values.
    const entry = table.ends + (length << 3);
    const code = (here >>> ((64 - length) as u64)) as i32;
    if (code >= load<i32>(entry)) continue;
    return load<u32>(table.values + ((code + load<i32>(entry, 4)) << 2)) | length;
  }
  return 0;
}

/** Reads a block: its mean to the channel, and the other coefficients that are wanted into {@link BLOCK}. */
export function readBlock(channel: Channel): i32 {
  const here = bitsFrom(at);
  const symbol = symbolIn(channel.dc, here);
  if (symbol === 0) return WRONG;
  const length = lengthOf(symbol);
  const bits = bitsOf(symbol);
  if (bits > 0) channel.mean += valueIn(here, length, bits);
  return readWanted(channel, at + length + bits);
}

function readWanted(channel: Channel, from: u32): i32 {
  const ac = channel.ac;
  const places = channel.places;
  const scales = channel.scales;
  const last = channel.last;
  let bit = from;
  let next: u32 = 1;
  while (next <= last) {
    const here = bitsFrom(bit);
    const symbol = symbolIn(ac, here);
    const length = lengthOf(symbol);
    const bits = bitsOf(symbol);
    const advance = advanceOf(symbol);
    bit += length + bits;
    next += advance;
    if (bits === 0) {
      if (symbol === 0) return WRONG;
      if (advance > 0) continue;
      at = bit;
      return next > 1 ? VARIED : FLAT;
    }
    const value = (valueIn(here, length, bits) as f32) * load<f32>(scales + (next << 2));
    if (abs<f32>(value) > FAR) return WRONG;
    store<f32>(BLOCK + ((load<u8>(places + next) as usize) << 2), value);
  }
  if (!passOver(ac, bit, next)) return WRONG;
  return last > 0 ? VARIED : FLAT;
}

/** The rest of a block, from a coefficient on that is not wanted any more. */
function passOver(ac: Table, from: u32, first: u32): bool {
  const runs = ac.runs;
  let bit = from;
  let next = first;
  while (next < COEFFICIENTS) {
    const here = bitsFrom(bit);
    const index = (here >>> (64 - RUN_BITS)) as u32;
    const known = load<u16>(runs + (index << 1)) as u32;
    const run = known !== 0 ? known : runAt(ac, index);
    const length = run & 15;
    const after = next + ((run >>> 4) & 127);
    if (length !== 0 && after <= COEFFICIENTS) {
      bit += length;
      next = after;
      if (run >= 1 << 11) break;
      continue;
    }
    // One that is too long for it, or of several only the first ones are the block's.
    const symbol = symbolIn(ac, here);
    if (symbol === 0) return false;
    bit += lengthOf(symbol) + bitsOf(symbol);
    const advance = advanceOf(symbol);
    if (advance === 0) break;
    next += advance;
  }
  at = bit;
  return next <= COEFFICIENTS;
}

/**
 * As many symbols as end within so many bits, kept for the next time (of the many that there may be, a picture has few): the bits that they take, from 1 << 4 on the
 * coefficients that they move on by, of which the end of a block counts as one, and 1 << 11 where it ends there.
 */
function runAt(ac: Table, index: u32): u32 {
  let length: u32 = 0;
  let advance: u32 = 0;
  let end: u32 = 0;
  while (length < RUN_BITS && end === 0) {
    const seen = ((index << length) & ((1 << RUN_BITS) - 1)) >>> (RUN_BITS - SYMBOL_BITS);
    const symbol = load<u32>(ac.symbols + (seen << 2));
    const bits = lengthOf(symbol) + bitsOf(symbol);
    const step = max<u32>(1, advanceOf(symbol));
    if (symbol === 0 || length + bits > RUN_BITS || advance + step > COEFFICIENTS) break;
    length += bits;
    advance += step;
    if (advanceOf(symbol) === 0) end = 1 << 11;
  }
  const run = length | (advance << 4) | end;
  store<u16>(ac.runs + (index << 1), run as u16);
  return run;
}
