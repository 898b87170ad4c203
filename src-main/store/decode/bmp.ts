/** A decoded bitmap: `[height, width, 4]`, red, green, blue, alpha. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
  /** Whether its format has room for transparency and any pixel uses it. */
  readonly alpha: boolean;
}

/** Thrown for bytes that are no bitmap that can be decoded. */
export class BmpError extends Error {
  override readonly name = 'BmpError';
}

const FILE_HEADER = 14;
const CORE_HEADER = 12;
const INFO_HEADER = 40;
const UNCOMPRESSED = 0;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly depth: number;
  /** Masks of red, green, blue and alpha in pixels of 16 and 32 bits. */
  readonly masks: readonly [number, number, number, number];
  readonly palette: { readonly offset: number; readonly entryBytes: number; readonly count: number };
  readonly pixels: number;
}

/**
 * Decodes a Windows bitmap of 1, 4, 8, 16, 24 or 32 bits a pixel, uncompressed or with bit fields (Microsoft, “Bitmap Storage”: BITMAPCOREHEADER to BITMAPV5HEADER).
 * libvips reads none of them. Throws {@link BmpError}; never reads beyond the bytes nor makes more pixels than `pixelLimit`.
 */
export function decodeBmp(bytes: Uint8Array, pixelLimit: number): Bitmap {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view, pixelLimit);
  const { width, height, depth, topDown } = header;
  const stride = Math.ceil((width * depth) / 32) * 4;
  if (header.pixels + stride * height > bytes.length) throw new BmpError('it ends early');
  const rgba = new Uint8Array(width * height * 4);
  const pixelAt = readerOf(view, header);
  let alpha = false;
  for (let row = 0; row < height; row++) {
    const start = header.pixels + (topDown ? row : height - 1 - row) * stride;
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * 4;
      pixelAt(start, column, rgba, at);
      alpha ||= rgba[at + 3] !== 0;
    }
  }
  const hasAlpha = header.masks[3] !== 0;
  // Many programs leave the fourth byte 0 and mean no transparency by it.
  const opaque = !hasAlpha || !alpha;
  if (opaque) for (let at = 3; at < rgba.length; at += 4) rgba[at] = 255;
  return { width, height, rgba, alpha: !opaque };
}

function readHeader(view: DataView, pixelLimit: number): Header {
  const need = (end: number): void => {
    if (end > view.byteLength) throw new BmpError('it ends within its header');
  };
  need(FILE_HEADER + 4);
  const size = view.getUint32(FILE_HEADER, true);
  need(FILE_HEADER + size);
  const core = size === CORE_HEADER;
  if (!core && (size < INFO_HEADER || size > 1024)) throw new BmpError(`its header of ${size} bytes is not known`);
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const depth = view.getUint16(core ? 24 : 28, true);
  const compression = core ? UNCOMPRESSED : view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  if (width <= 0 || height <= 0) throw new BmpError('it has no pixels');
  if (width * height > pixelLimit) throw new BmpError(`${width} × ${height} pixels exceed the pixel limit`);
  const fields = compression === BITFIELDS || compression === ALPHA_BITFIELDS;
  if (![1, 4, 8, 16, 24, 32].includes(depth)) throw new BmpError(`${depth} bits a pixel are not read`);
  if (compression !== UNCOMPRESSED && !(fields && (depth === 16 || depth === 32))) {
    throw new BmpError('its compression is not read');
  }
  const maskBytes = fields && size === INFO_HEADER ? (compression === ALPHA_BITFIELDS ? 16 : 12) : 0;
  need(FILE_HEADER + size + maskBytes);
  const colours = core ? 0 : view.getUint32(46, true);
  const offset = FILE_HEADER + size + maskBytes;
  const entryBytes = core ? 3 : 4;
  const wanted = depth > 8 ? 0 : colours > 0 ? Math.min(colours, 1 << depth) : 1 << depth;
  const palette = { offset, entryBytes, count: Math.min(wanted, Math.floor((view.byteLength - offset) / entryBytes)) };
  return {
    width,
    height,
    topDown: signedHeight < 0,
    depth,
    masks: masksOf(view, size + maskBytes, depth, fields),
    palette,
    pixels: view.getUint32(10, true),
  };
}

function masksOf(view: DataView, headerBytes: number, depth: number, fields: boolean): Header['masks'] {
  if (fields) {
    const mask = (index: number): number =>
      headerBytes >= INFO_HEADER + 4 * (index + 1) ? view.getUint32(54 + 4 * index, true) : 0;
    return [mask(0), mask(1), mask(2), mask(3)];
  }
  return depth === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, depth === 32 ? 0xff000000 : 0];
}

type PixelReader = (row: number, column: number, target: Uint8Array, at: number) => void;

function readerOf(view: DataView, { depth, masks, palette }: Header): PixelReader {
  if (depth <= 8) {
    const perByte = 8 / depth;
    return (row, column, target, at) => {
      const byte = view.getUint8(row + Math.floor(column / perByte));
      const index = (byte >> (8 - depth * ((column % perByte) + 1))) & ((1 << depth) - 1);
      // A number beyond the palette is black, as everywhere.
      if (index >= palette.count) return;
      const colour = palette.offset + index * palette.entryBytes;
      for (let channel = 0; channel < 3; channel++) target[at + channel] = view.getUint8(colour + 2 - channel);
    };
  }
  if (depth === 24) {
    return (row, column, target, at) => {
      for (let channel = 0; channel < 3; channel++)
        target[at + channel] = view.getUint8(row + column * 3 + 2 - channel);
    };
  }
  const channels = masks.map((mask) => scaled(mask >>> 0));
  return (row, column, target, at) => {
    const value = depth === 16 ? view.getUint16(row + column * 2, true) : view.getUint32(row + column * 4, true);
    channels.forEach((read, channel) => (target[at + channel] = read(value)));
  };
}

/** The bits under a mask as 0 … 255. */
function scaled(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) / most) * 255);
}
