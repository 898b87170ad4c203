import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { limits } from '#shared/contract/limits';
import { chunksOf, type Chunk } from './pngChunks';

/** A whole frame as it is seen, `[height, width, 4]`. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Where a frame's own pixels go, and what becomes of them (APNG specification, `fcTL`). */
interface Control {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly dispose: number;
  readonly blend: number;
  readonly data: Uint8Array[];
}

const BACKGROUND = 1;
const PREVIOUS = 2;
const OVER = 1;

/** How many frames an animated PNG says it has; 1 for a still one. */
export function apngCount(bytes: Uint8Array): number {
  for (const { type, data } of chunksOf(bytes)) {
    if (type === 'acTL' && data.length === 8) return Math.max(1, viewOf(data).getUint32(0));
    if (type === 'IDAT') return 1;
  }
  return 1;
}

/** The frames of an animated PNG, one after another, each drawn on those before it; libvips shows the first alone. Throws when it is damaged. */
export async function* apngFrames(bytes: Uint8Array): AsyncGenerator<Frame> {
  const { header, shared, controls } = parse(bytes);
  const [width, height] = [viewOf(header).getUint32(0), viewOf(header).getUint32(4)];
  if (width * height > limits.picturePixels) throw new Error('the picture exceeds the pixel limit');
  let canvas = new Uint8Array(width * height * 4);
  for (const control of controls) {
    if (control.left + control.width > width || control.top + control.height > height) {
      throw new Error('a frame lies outside the picture');
    }
    const before = control.dispose === PREVIOUS ? canvas.slice() : canvas;
    draw(canvas, width, control, await pixelsOf(header, shared, control));
    yield { width, height, rgba: canvas.slice() };
    if (control.dispose === PREVIOUS) canvas = before;
    if (control.dispose === BACKGROUND) clear(canvas, width, control);
  }
}

function parse(bytes: Uint8Array): { header: Uint8Array; shared: readonly Chunk[]; controls: readonly Control[] } {
  let header: Uint8Array | undefined;
  const shared: Chunk[] = [];
  const controls: Control[] = [];
  let current: Control | undefined;
  for (const chunk of chunksOf(bytes)) {
    const { type, data } = chunk;
    if (type === 'IHDR' && data.length === 13) header ??= data;
    else if (type === 'fcTL' && data.length === 26) controls.push((current = controlOf(data)));
    // The first picture is a frame only where a control comes before it.
    else if (type === 'IDAT') current?.data.push(data);
    else if (type === 'fdAT' && data.length > 4) current?.data.push(data.subarray(4));
    else if (type === 'PLTE' || type === 'tRNS' || type === 'gAMA' || type === 'iCCP' || type === 'sRGB')
      shared.push(chunk);
  }
  if (!header) throw new Error('it has no header');
  return { header, shared, controls: controls.filter(({ data }) => data.length > 0) };
}

function controlOf(data: Uint8Array): Control {
  const view = viewOf(data);
  return {
    width: view.getUint32(4),
    height: view.getUint32(8),
    left: view.getUint32(12),
    top: view.getUint32(16),
    dispose: view.getUint8(24),
    blend: view.getUint8(25),
    data: [],
  };
}

/** A frame's own pixels: decoded as a PNG of its own. */
async function pixelsOf(header: Uint8Array, shared: readonly Chunk[], control: Control): Promise<Uint8Array> {
  const own = header.slice();
  viewOf(own).setUint32(0, control.width);
  viewOf(own).setUint32(4, control.height);
  const chunks = [
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', own),
    ...shared.map(({ type, data }) => chunk(type, data)),
    chunk('IDAT', Buffer.concat(control.data)),
    chunk('IEND', new Uint8Array()),
  ];
  const picture = sharp(Buffer.concat(chunks), { failOn: 'warning', limitInputPixels: limits.picturePixels });
  return picture.toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' }).toBuffer();
}

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

function draw(canvas: Uint8Array, width: number, control: Control, pixels: Uint8Array): void {
  for (let row = 0; row < control.height; row++) {
    const start = ((control.top + row) * width + control.left) * 4;
    for (let column = 0; column < control.width; column++) {
      const [from, to] = [(row * control.width + column) * 4, start + column * 4];
      const alpha = control.blend === OVER ? (pixels[from + 3] as number) / 255 : 1;
      if (alpha === 1) canvas.set(pixels.subarray(from, from + 4), to);
      else if (alpha > 0) over(canvas, to, pixels, from, alpha);
    }
  }
}

/** Porter and Duff's “over”, on colours that are not multiplied by their alpha. */
function over(canvas: Uint8Array, to: number, pixels: Uint8Array, from: number, alpha: number): void {
  const behind = ((canvas[to + 3] as number) / 255) * (1 - alpha);
  const total = alpha + behind;
  for (let channel = 0; channel < 3; channel++) {
    const sum = (pixels[from + channel] as number) * alpha + (canvas[to + channel] as number) * behind;
    canvas[to + channel] = Math.round(sum / total);
  }
  canvas[to + 3] = Math.round(total * 255);
}

function clear(canvas: Uint8Array, width: number, { left, top, width: columns, height }: Control): void {
  for (let row = top; row < top + height; row++)
    canvas.fill(0, (row * width + left) * 4, (row * width + left + columns) * 4);
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
