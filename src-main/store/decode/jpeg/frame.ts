import { limits } from '#shared/contract/limits';
import { jpegSegments, SCAN } from '../jpegSegments';
import { huffmanTable, type HuffmanTable } from './huffman';

/** One of a picture's components: luma, or one of the two of chroma. */
export interface Component {
  readonly id: number;
  /** Blocks that it has in each of the scan's units, across and down. */
  readonly across: number;
  readonly down: number;
  /** What its coefficients were divided by, in the order in which they are stored. */
  readonly quantisation: Uint8Array;
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
}

/** A JPEG of one scan, as its header describes it. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  /** Units from one restart marker to the next; 0: there are none. */
  readonly restartEvery: number;
  /** Where the scan's codes begin. */
  readonly scanAt: number;
}

/** Markers of ITU-T T.81, table B.1: baseline and extended frames with Huffman codes, tables, the restart interval, comments. */
const [SOF0, SOF1, DHT, DQT, DRI, COM] = [0xc0, 0xc1, 0xc4, 0xdb, 0xdd, 0xfe];
const [APP0, APP14, APP15] = [0xe0, 0xee, 0xef];
const BLOCK = 64;
/** The class of codes for coefficients but the first, as DHT has it above their number; and what APP14 says of YCbCr. */
const [AC, YCBCR] = [0x10, 1];
const SIDE_MOST = 65_500;
/** T.81, B.2.3. */
const BLOCKS_MOST = 10;

/** How many codes there are of each length, and what they stand for. */
interface Code {
  readonly counts: Uint8Array;
  readonly values: Uint8Array;
}

/** What is found on the way to the scan. */
interface Found {
  frame?: Uint8Array;
  restartEvery: number;
  jfif: boolean;
  adobeTransform?: number;
  readonly quantisations: (Uint8Array | undefined)[];
  /** By class and number, as DHT names them; and the tables of those that are used. */
  readonly codes: Map<number, Code>;
  readonly tables: Map<number, HuffmanTable | undefined>;
}

/**
 * The frame of a JPEG as most are: Huffman codes, 8 bits, grey or YCbCr (ITU-T T.871), one scan. Undefined for every other one, and for a header of which a decoder
 * might complain.
 */
export function readFrame(bytes: Uint8Array): Frame | undefined {
  const found: Found = { restartEvery: 0, jfif: false, quantisations: [], codes: new Map(), tables: new Map() };
  for (const { marker, data } of jpegSegments(bytes)) {
    if (marker === SCAN) return frameOf(found, data, data.byteOffset - bytes.byteOffset + data.length);
    if (!takeSegment(found, marker, data)) return undefined;
  }
  return undefined;
}

function takeSegment(found: Found, marker: number, data: Uint8Array): boolean {
  if (marker === DQT) return takeQuantisations(found, data);
  if (marker === DHT) return takeCodes(found, data);
  if (marker === SOF0 || marker === SOF1) {
    if (found.frame) return false;
    found.frame = data;
    return true;
  }
  if (marker === DRI) {
    if (data.length !== 2) return false;
    found.restartEvery = wordAt(data, 0);
    return true;
  }
  if (marker === APP0) return takeJfif(found, data);
  if (marker === APP14) return takeAdobe(found, data);
  return marker === COM || (marker > APP0 && marker <= APP15);
}

function takeQuantisations({ quantisations }: Found, data: Uint8Array): boolean {
  for (let at = 0; at < data.length; at += 1 + BLOCK) {
    // Four tables of 8 bits; their precision stands above their number.
    const number = data[at] as number;
    const table = data.subarray(at + 1, at + 1 + BLOCK);
    if (number > 3 || table.length < BLOCK || table.includes(0)) return false;
    quantisations[number] = table;
  }
  return true;
}

function takeCodes({ codes }: Found, data: Uint8Array): boolean {
  for (let at = 0; at < data.length;) {
    const name = data[at] as number;
    const counts = data.subarray(at + 1, at + 17);
    const count = counts.reduce((sum, each) => sum + each, 0);
    const values = data.subarray(at + 17, at + 17 + count);
    if ((name & 0xef) > 3 || counts.length < 16 || values.length < count) return false;
    codes.set(name, { counts, values });
    at += 17 + count;
  }
  return true;
}

function takeJfif(found: Found, data: Uint8Array): boolean {
  if (!startsWith(data, 'JFIF\0')) return true;
  found.jfif = true;
  return data.length >= 12 && data[5] === 1;
}

function takeAdobe(found: Found, data: Uint8Array): boolean {
  if (!startsWith(data, 'Adobe')) return true;
  if (data.length < 12) return false;
  found.adobeTransform = data[11] as number;
  return true;
}

function frameOf(found: Found, scan: Uint8Array, scanAt: number): Frame | undefined {
  const { frame, restartEvery } = found;
  if (!frame || frame.length < 6 || frame[0] !== 8) return undefined;
  const [height, width, count] = [wordAt(frame, 1), wordAt(frame, 3), frame[5] as number];
  if (width === 0 || height === 0 || Math.max(width, height) > SIDE_MOST) return undefined;
  if (width * height > limits.picturePixels || (count !== 1 && count !== 3)) return undefined;
  if (frame.length !== 6 + 3 * count || !isWholeScan(scan, count)) return undefined;
  const components: Component[] = [];
  for (let index = 0; index < count; index++) {
    const component = componentOf(found, frame.subarray(6 + 3 * index), scan.subarray(1 + 2 * index), count);
    if (!component) return undefined;
    components.push(component);
  }
  if (count === 3 && !isYcbcr(found, components)) return undefined;
  return { width, height, components, restartEvery, scanAt };
}

/** Whether it has all components, all of their coefficients and all of their bits (T.81, B.2.3). */
function isWholeScan(scan: Uint8Array, count: number): boolean {
  if (scan.length !== 4 + 2 * count || scan[0] !== count) return false;
  return scan[1 + 2 * count] === 0 && scan[2 + 2 * count] === BLOCK - 1 && scan[3 + 2 * count] === 0;
}

/** Of its three bytes in the frame's header, and its two in the scan's. */
function componentOf(found: Found, frame: Uint8Array, scan: Uint8Array, count: number): Component | undefined {
  const [id = 0, factors = 0, number = 0] = frame;
  const [named = 0, coding = 0] = scan;
  const quantisation = found.quantisations[number];
  const dc = coding >> 4 > 3 ? undefined : tableOf(found, coding >> 4);
  const ac = (coding & 15) > 3 ? undefined : tableOf(found, AC | (coding & 15));
  if (named !== id || !quantisation || !dc || !ac) return undefined;
  const [across, down] = [factors >> 4, factors & 15];
  if (across < 1 || across > 2 || down < 1 || down > 2) return undefined;
  // A component alone is not sampled (T.81, A.2.2).
  return { id, across: count === 1 ? 1 : across, down: count === 1 ? 1 : down, quantisation, dc, ac };
}

function tableOf({ codes, tables }: Found, name: number): HuffmanTable | undefined {
  const code = codes.get(name);
  if (!tables.has(name) && code) {
    tables.set(name, huffmanTable(name < AC ? 'dc' : 'ac', code.counts, code.values));
  }
  return tables.get(name);
}

/** Whether the three are luma, which has the most samples, and chroma. */
function isYcbcr({ jfif, adobeTransform }: Found, [luma, blue, red]: readonly Component[]): boolean {
  if (!luma || !blue || !red) return false;
  const blocks = luma.across * luma.down + 2 * blue.across * blue.down;
  if (blocks > BLOCKS_MOST || blue.across !== red.across || blue.down !== red.down) return false;
  if (blue.across > luma.across || blue.down > luma.down) return false;
  if (adobeTransform !== undefined && adobeTransform !== YCBCR) return false;
  return jfif || adobeTransform === YCBCR || (luma.id === 1 && blue.id === 2 && red.id === 3);
}

const wordAt = (data: Uint8Array, at: number): number => ((data[at] as number) << 8) | (data[at + 1] as number);

const startsWith = (data: Uint8Array, prefix: string): boolean =>
  data.length >= prefix.length && Buffer.from(data.subarray(0, prefix.length)).toString('latin1') === prefix;
