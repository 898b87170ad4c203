import sharp, { type Sharp } from 'sharp';
import type { PictureFlag } from '#shared/contract/pictureFlags';
import { craftedPng, type PngPlan } from './craftedPng';

/** A file of an unusual kind, and what it is to become. */
export interface Variant {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly flags: readonly PictureFlag[];
  /** Its pixels on white, RGB. */
  readonly pixels: Uint8Array;
  /** How far they may be off: what is lost on the way to the file. */
  readonly tolerance: number;
}

export const VARIANT_SIDE = 32;
const SIDE = VARIANT_SIDE;
const BLOCK = 8;
const BLOCKS = (SIDE / BLOCK) ** 2;

type Colour = readonly [number, number, number];
const grey = (value: number): Colour => [value, value, value];
/** Number of the block that a pixel lies in: 0 … 15. */
const blockAt = (x: number, y: number): number => Math.floor(y / BLOCK) * (SIDE / BLOCK) + Math.floor(x / BLOCK);

function pixelsBy(colourOf: (block: number) => Colour): Uint8Array {
  const pixels = new Uint8Array(SIDE * SIDE * 3);
  for (let at = 0; at < SIDE * SIDE; at++) pixels.set(colourOf(blockAt(at % SIDE, Math.floor(at / SIDE))), at * 3);
  return pixels;
}

/** A colour of 8 bits a part for each block, far from the others. */
const colourOf = (block: number): Colour => [(block * 37) % 256, (block * 91 + 40) % 256, (255 - block * 17) % 256];
const onWhite = (colour: Colour, share: number): Colour => {
  const [r, g, b] = colour.map((part) => Math.round(part * share + 255 * (1 - share)));
  return [r ?? 0, g ?? 0, b ?? 0];
};

/** PNG and TIFF files of each kind that there is beside the common ones, of the same blocks of colour. */
export async function formatVariants(): Promise<readonly Variant[]> {
  return [...greyPngs(), ...palettePngs(), ...deepPngs(), ...keyedPngs(), ...(await tiffs())];
}

function png(
  name: string,
  plan: Omit<PngPlan, 'side' | 'samplesAt'>,
  samplesOf: (block: number) => readonly number[],
  shown: (block: number) => Colour,
  ...flags: readonly PictureFlag[]
): Variant {
  const bytes = craftedPng({ side: SIDE, samplesAt: (x, y) => samplesOf(blockAt(x, y)), ...plan });
  return { name: `variants/${name}.png`, bytes, flags, pixels: pixelsBy(shown), tolerance: 1 };
}

function greyPngs(): Variant[] {
  return ([1, 2, 4, 8] as const).flatMap((depth) => {
    const levels = 2 ** depth;
    const shown = (block: number) => grey(((block % levels) * 255) / (levels - 1));
    return [false, true].map(
      (interlaced) =>
      png(`grey-${depth}${interlaced ? '-interlaced' : ''}`, { colour: 'grey', depth, interlaced }, (block) => [block % levels], shown, 'grey'), // prettier-ignore
    );
  });
}

/** Interlaced, every second colour half transparent, the last ones without an entry: those are solid. */
function palettePngs(): Variant[] {
  return ([1, 2, 4, 8] as const).map((depth) => {
    const colours = Math.min(BLOCKS, 2 ** depth);
    const entries = Array.from({ length: colours }, (_, number) => colourOf(number));
    const transparency = entries.slice(0, Math.max(1, colours - 2)).map((_, number) => (number % 2 ? 255 : 128));
    const shown = (block: number) => {
      const number = block % colours;
      return onWhite(entries[number] ?? [0, 0, 0], (transparency[number] ?? 255) / 255);
    };
    const plan = { colour: 'palette', depth, interlaced: true, palette: entries.flat(), transparency } as const;
    return png(`palette-${depth}-clear-interlaced`, plan, (block) => [block % colours], shown, 'transparent');
  });
}

function deepPngs(): Variant[] {
  const deep = (value: number) => value * 257;
  const half = 0x8000;
  const value = (block: number) => block * 16;
  return [false, true].flatMap((interlaced) => {
    const ending = interlaced ? '-interlaced' : '';
    const plan = { depth: 16, interlaced } as const;
    return [
      png(`grey-16${ending}`, { colour: 'grey', ...plan }, (block) => [deep(value(block))], (block) => grey(value(block)), 'grey', 'bit-depth'), // prettier-ignore
      png(
        `grey-alpha-16${ending}`,
        { colour: 'greyAlpha', ...plan },
        (block) => [deep(value(block)), block % 2 ? 0xffff : half],
        (block) => onWhite(grey(value(block)), block % 2 ? 1 : half / 0xffff),
        ...(['bit-depth', 'transparent'] as const),
      ),
      png(`rgb-16${ending}`, { colour: 'rgb', ...plan }, (block) => colourOf(block).map(deep), colourOf, 'bit-depth'),
      png(
        `rgba-16${ending}`,
        { colour: 'rgba', ...plan },
        (block) => [...colourOf(block).map(deep), block % 2 ? 0xffff : half],
        (block) => onWhite(colourOf(block), block % 2 ? 1 : half / 0xffff),
        ...(['bit-depth', 'transparent'] as const),
      ),
    ];
  });
}

/** One colour is transparent: that of the fourth block. */
function keyedPngs(): Variant[] {
  const key = colourOf(3);
  const level = 3 * 16;
  const keyed = { depth: 8, interlaced: true } as const;
  return [
    png(
      'grey-keyed',
      { colour: 'grey', transparency: [0, level], ...keyed },
      (block) => [block * 16],
      (block) => grey(block === 3 ? 255 : block * 16),
      'transparent',
    ),
    png(
      'rgb-keyed',
      { colour: 'rgb', transparency: key.flatMap((part) => [0, part]), ...keyed },
      colourOf,
      (block) => (block === 3 ? [255, 255, 255] : colourOf(block)),
      'transparent',
    ),
  ];
}

async function tiffs(): Promise<Variant[]> {
  const pixels = pixelsBy(colourOf);
  const raw = (pixels: Uint8Array): Sharp => sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } });
  const picture = (): Sharp => raw(pixels);
  // Ink has fewer colours than light.
  const inky = pixels.map((value) => 96 + value / 4);
  const blackWhite = pixelsBy((block) => grey(block % 2 ? 255 : 0));
  const other = sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#123456' } });
  const made: readonly (readonly [string, Sharp, Partial<Variant>?])[] = [
    ['lzw', picture().tiff({ compression: 'lzw', predictor: 'horizontal' })],
    ['deflate', picture().tiff({ compression: 'deflate', predictor: 'none' })],
    ['packbits', picture().tiff({ compression: 'packbits' })],
    ['jpeg', picture().tiff({ compression: 'jpeg', quality: 100 }), { tolerance: 24 }],
    ['tiled', picture().tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 })],
    ['pyramid', picture().tiff({ compression: 'none', tile: true, pyramid: true, tileWidth: 16, tileHeight: 16 })],
    ['deep', picture().toColourspace('rgb16').tiff({ compression: 'lzw' }), { flags: ['bit-depth'] }],
    ['ink', raw(inky).toColourspace('cmyk').tiff({ compression: 'lzw' }), { flags: ['cmyk'], pixels: inky, tolerance: 12 }], // prettier-ignore
    ['clear', picture().ensureAlpha(0.5).tiff({ compression: 'lzw' }), { flags: ['transparent'], pixels: pixelsBy((block) => onWhite(colourOf(block), 0.5)) }], // prettier-ignore
  ];
  const files: Variant[] = [];
  for (const [name, tiff, change] of made) {
    files.push({
      name: `variants/${name}.tif`,
      bytes: await tiff.toBuffer(),
      flags: [],
      pixels,
      tolerance: 1,
      ...change,
    });
  }
  for (const bitdepth of [1, 2, 4] as const) {
    const grey = raw(blackWhite).toColourspace('b-w');
    const bytes = await grey.tiff({ bitdepth, compression: bitdepth === 1 ? 'ccittfax4' : 'none' }).toBuffer();
    files.push({ name: `variants/${bitdepth}-bit.tif`, bytes, flags: ['grey'], pixels: blackWhite, tolerance: 1 });
  }
  const pages = await Promise.all([picture().png().toBuffer(), other.png().toBuffer()]);
  const bytes = await sharp(pages, { join: { animated: true } })
    .tiff({ compression: 'lzw' })
    .toBuffer();
  // Pages are no frames: the first is taken.
  files.push({ name: 'variants/pages.tif', bytes, flags: [], pixels, tolerance: 1 });
  files.push({ name: 'variants/big-endian.tif', bytes: bigEndianTiff(pixels), flags: [], pixels, tolerance: 1 });
  return files;
}

/** An uncompressed TIFF whose numbers begin with their large end (TIFF 6.0, “MM”). */
function bigEndianTiff(pixels: Uint8Array): Buffer {
  const [SHORT, LONG] = [3, 4];
  const tags = [
    [256, LONG, SIDE],
    [257, LONG, SIDE],
    [258, SHORT, 8],
    [259, SHORT, 1],
    [262, SHORT, 2],
    [273, LONG, 8],
    [277, SHORT, 3],
    [278, LONG, SIDE],
    [279, LONG, pixels.length],
  ] as const;
  const directory = Buffer.alloc(2 + tags.length * 12 + 4);
  directory.writeUInt16BE(tags.length, 0);
  tags.forEach(([tag, type, value], number) => {
    const at = 2 + number * 12;
    directory.writeUInt16BE(tag, at);
    directory.writeUInt16BE(type, at + 2);
    directory.writeUInt32BE(1, at + 4);
    if (type === SHORT) directory.writeUInt16BE(value, at + 8);
    else directory.writeUInt32BE(value, at + 8);
  });
  const header = Buffer.from('MM\0*\0\0\0\0', 'latin1');
  header.writeUInt32BE(8 + pixels.length, 4);
  return Buffer.concat([header, pixels, directory]);
}
