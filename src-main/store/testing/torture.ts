import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { PictureFlag } from '#shared/contract/pictureFlags';
import type { SkipCode } from '#shared/contract/types';
import { uniform } from '#shared/math/random';
import { pngChunk } from '../pictures/png';
import { bmp } from './bmp';
import { formatVariants } from './formats';
import { tarOf, zipOf, type ArchiveEntry } from './archives';

/** How a file of the torture folder is to end: taken as so many pictures with these flags among theirs, or refused. */
export type Ending =
  { readonly taken: number; readonly flags?: readonly PictureFlag[] } | { readonly skipped: SkipCode };

interface Tortured {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly ending: Ending;
}

/** Blots of colour that differ with the seed. */
function blots(seed: number, width = 80, height = 60): Sharp {
  const coarse = Buffer.from(Array.from({ length: 8 * 6 * 3 }, (_, index) => 30 + 200 * uniform(seed, 5, index)));
  const picture = sharp(coarse, { raw: { width: 8, height: 6, channels: 3 } });
  return picture.resize(width, height, { fit: 'fill', kernel: 'cubic' });
}

const bytesOf = (picture: Sharp): Promise<Buffer> => picture.toBuffer();

/** Writes a folder with every format and defect that an import is to survive; how each file is to end, by its name. */
export async function writeTorture(folder: string): Promise<ReadonlyMap<string, Ending>> {
  const files = [
    ...(await sound()),
    ...(await mended()),
    ...(await formatVariants()).map(({ name, bytes, flags }) => ({ name, bytes, ending: taken(...flags) })),
    ...(await animations()),
    ...(await refused()),
    ...(await archives()),
  ];
  for (const { name, bytes } of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  return new Map(files.map(({ name, ending }) => [name, ending]));
}

let seed = 0;
const fresh = (width?: number, height?: number): Sharp => blots(++seed, width, height);
const taken = (...flags: readonly PictureFlag[]): Ending => ({ taken: 1, flags });

async function sound(): Promise<Tortured[]> {
  const files: Tortured[] = [];
  const add = async (name: string, picture: Sharp | Uint8Array, ending: Ending): Promise<void> => {
    const bytes = picture instanceof Uint8Array ? picture : await bytesOf(picture);
    files.push({ name, bytes, ending });
  };
  for (let number = 0; number < 12; number++) {
    const sides = [40 + number * 17, 200 - number * 11] as const;
    await add(`png/rgb-${number}.png`, fresh(...sides).png(), taken());
    await add(`png/interlaced-${number}.png`, fresh(...sides).png({ progressive: true }), taken());
    await add(`png/palette-${number}.png`, fresh(...sides).png({ palette: true, colours: 16 + number }), taken());
    await add(`jpeg/baseline-${number}.jpg`, fresh(...sides).jpeg({ quality: 40 + number * 5 }), taken());
    await add(`jpeg/progressive-${number}.jpg`, fresh(...sides).jpeg({ progressive: true }), taken());
    await add(`webp/lossy-${number}.webp`, fresh(...sides).webp(), taken());
    await add(`webp/lossless-${number}.webp`, fresh(...sides).webp({ lossless: true }), taken());
    await add(`tiff/${number}.tif`, fresh(...sides).tiff({ compression: number % 2 ? 'lzw' : 'none' }), taken());
    await add(`gif/${number}.gif`, fresh(...sides).gif(), taken());
    await add(
      `grey/${number}.png`,
      fresh(...sides)
        .greyscale()
        .toColourspace('b-w')
        .png(),
      taken('grey'),
    );
  }
  for (let number = 0; number < 4; number++) await add(`avif/${number}.avif`, fresh().avif({ effort: 0 }), taken());
  for (const depth of [1, 2, 4, 8] as const) {
    await add(`png/palette-${depth}-bit.png`, fresh().png({ palette: true, colours: 2 ** depth }), taken());
  }
  for (const depth of [1, 4, 8, 16, 24, 32] as const) await add(`bmp/${depth}.bmp`, bmp(depth, ++seed), taken());
  return files;
}

async function mended(): Promise<Tortured[]> {
  const files: Tortured[] = [];
  const add = async (name: string, picture: Sharp, ...flags: readonly PictureFlag[]): Promise<void> => {
    files.push({ name, bytes: await bytesOf(picture), ending: taken(...flags) });
  };
  for (let orientation = 2; orientation <= 8; orientation++) {
    await add(`mended/turned-${orientation}.jpg`, fresh().withMetadata({ orientation }).jpeg(), 'turned');
  }
  for (let number = 0; number < 6; number++) {
    await add(
      `mended/clear-${number}.png`,
      fresh()
        .ensureAlpha(number / 8)
        .png(),
      'transparent',
    );
    await add(`mended/deep-${number}.png`, fresh().toColourspace('rgb16').png(), 'bit-depth');
    await add(`mended/named-${number}.png`, fresh().jpeg(), 'wrong-extension');
    await add(`mended/named-${number}.jpg`, fresh().webp(), 'wrong-extension');
    await add(`mended/ink-${number}.jpg`, fresh().toColourspace('cmyk').jpeg(), 'cmyk');
    await add(`mended/wide-${number}.png`, fresh().withIccProfile('p3').png(), 'profile');
    await add(`doubtful/small-${number}.png`, fresh(9 + number, 12).png(), 'too-small');
    await add(`doubtful/dark-${number}.png`, fresh().linear(0.04, number).png(), 'too-dark');
    await add(
      `doubtful/blank-${number}.png`,
      fresh()
        .linear(0.01, 100 + number * 20)
        .png(),
      'near-blank',
    );
  }
  await add('mended/grey-clear.png', fresh().greyscale().toColourspace('b-w').ensureAlpha(0.5).png(), 'transparent');
  await add('mended/grey-deep.png', fresh().greyscale().toColourspace('grey16').png(), 'bit-depth', 'grey');
  for (let number = 0; number < 4; number++) {
    const whole = await bytesOf(fresh(480, 320).jpeg({ quality: 92 }));
    const bytes = whole.subarray(0, Math.floor(whole.length * (0.9 + number / 50)));
    files.push({ name: `mended/cut-${number}.jpg`, bytes, ending: taken('cut-short') });
  }
  return files;
}

async function animations(): Promise<Tortured[]> {
  const frames = (count: number): Promise<Buffer[]> =>
    Promise.all(Array.from({ length: count }, () => fresh(48, 48).png().toBuffer()));
  const animated = async (count: number): Promise<Sharp> => sharp(await frames(count), { join: { animated: true } });
  const flags = ['frame'] as const;
  return [
    { name: 'animated/11.gif', bytes: await bytesOf((await animated(11)).gif()), ending: { taken: 3, flags } },
    { name: 'animated/6.webp', bytes: await bytesOf((await animated(6)).webp()), ending: { taken: 2, flags } },
    { name: 'animated/12.png', bytes: await apng(12), ending: { taken: 3, flags } },
  ];
}

/** An animated PNG of blots, 48×48, each frame a quarter of the picture drawn over those before. */
async function apng(count: number): Promise<Buffer> {
  const raw = await Promise.all(Array.from({ length: count }, (_, index) => fresh(index ? 24 : 48, index ? 24 : 48).raw().toBuffer())); // prettier-ignore
  const chunks = [Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')];
  const [header, control] = [Buffer.alloc(13), Buffer.alloc(8)];
  header.writeUInt32BE(48, 0);
  header.writeUInt32BE(48, 4);
  header.set([8, 2], 8);
  control.writeUInt32BE(count, 0);
  chunks.push(pngChunk('IHDR', header), pngChunk('acTL', control));
  let sequence = 0;
  raw.forEach((pixels, index) => {
    const side = index ? 24 : 48;
    const frame = Buffer.alloc(26);
    frame.writeUInt32BE(sequence++, 0);
    frame.writeUInt32BE(side, 4);
    frame.writeUInt32BE(side, 8);
    frame.writeUInt32BE(index % 2 ? 24 : 0, 12);
    frame.set([index % 3, index % 2], 24);
    const rows = Array.from({ length: side }, (_, row) => [
      Buffer.of(0),
      pixels.subarray(row * side * 3, (row + 1) * side * 3),
    ]);
    const packed = deflateSync(Buffer.concat(rows.flat()));
    chunks.push(pngChunk('fcTL', frame));
    if (index === 0) return void chunks.push(pngChunk('IDAT', packed));
    const number = Buffer.alloc(4);
    number.writeUInt32BE(sequence++, 0);
    chunks.push(pngChunk('fdAT', Buffer.concat([number, packed])));
  });
  return Buffer.concat([...chunks, pngChunk('IEND', Buffer.alloc(0))]);
}

async function refused(): Promise<Tortured[]> {
  const [png, jpeg, webp, gif] = await Promise.all([
    bytesOf(fresh(200, 150).png()),
    bytesOf(fresh(200, 150).jpeg()),
    bytesOf(fresh(200, 150).webp()),
    bytesOf(fresh(200, 150).gif()),
  ]);
  const text = (value: string) => Buffer.from(value);
  const bad = (name: string, bytes: Uint8Array, skipped: SkipCode): Tortured => ({
    name: `bad/${name}`,
    bytes,
    ending: { skipped },
  });
  const cut = (whole: Uint8Array, share: number) => whole.subarray(0, Math.floor(whole.length * share));
  const files = [
    bad('empty.png', new Uint8Array(), 'empty'),
    bad('notes.txt', text('remember the milk'), 'not-a-picture'),
    bad('renamed.jpg', text('#!/bin/sh\nexit 1\n'), 'not-a-picture'),
    bad('drawing.svg', text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'unsupported'),
    bad('drawing.png', text('<?xml version="1.0"?><svg><script>alert(1)</script></svg>'), 'unsupported'),
    bad('clip.mp4', text('\0\0\0\x1cftypmp42\0\0\0\0isommp42'), 'video'),
    bad('clip.png', Buffer.from('\x1a\x45\xdf\xa3webm', 'latin1'), 'video'),
    bad('layers.psd', text('8BPS\0\x01'), 'unsupported'),
    bad('page.pdf', text('%PDF-1.7\n'), 'not-a-picture'),
    bad('bomb.png', bomb(), 'too-many-pixels'),
    bad('packed.bmp', withByte(bmp(8, 999), 30, 1), 'unsupported'),
    bad('cut.bmp', cut(bmp(24, 998), 0.5), 'corrupt'),
    bad('noise.jpg', Buffer.concat([jpeg.subarray(0, 20), Buffer.alloc(999, 7)]), 'corrupt'),
  ];
  for (const share of [0.3, 0.5, 0.7]) {
    files.push(
      bad(`cut-${share}.png`, cut(png, share), 'corrupt'),
      bad(`cut-${share}.jpg`, cut(jpeg, share / 2), 'corrupt'),
    );
    files.push(
      bad(`cut-${share}.webp`, cut(webp, share), 'corrupt'),
      bad(`cut-${share}.gif`, cut(gif, share), 'corrupt'),
    );
  }
  return files;
}

async function archives(): Promise<Tortured[]> {
  const file = async (name: string): Promise<ArchiveEntry> => ({ name, bytes: await bytesOf(fresh().png()) });
  const good = [await file('a/1.png'), await file('a/2.png'), await file('ü.png')];
  const plain = [await file('b/1.png'), await file(`${'long/'.repeat(30)}name.png`)];
  return [
    { name: 'archives/good.zip', bytes: zipOf(good), ending: { taken: 3 } },
    { name: 'archives/good.tar', bytes: tarOf(plain), ending: { taken: 2 } },
    { name: 'archives/good.tar.gz', bytes: gzipSync(tarOf([await file('c/1.png')])), ending: { taken: 1 } },
    { name: 'archives/good.tgz', bytes: gzipSync(tarOf([await file('d/1.png')])), ending: { taken: 1 } },
    { name: 'archives/cut.zip', bytes: zipOf(good).subarray(0, 300), ending: { skipped: 'archive' } },
    {
      name: 'archives/renamed.tar',
      bytes: Buffer.from('no archive at all'.repeat(99)),
      ending: { skipped: 'archive' },
    },
    { name: 'archives/cut.tgz', bytes: gzipSync(tarOf(plain)).subarray(0, 200), ending: { skipped: 'archive' } },
    { name: 'archives/hidden.png', bytes: zipOf([await file('1.png')]), ending: { skipped: 'archive' } },
    {
      name: 'archives/other.7z',
      bytes: Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1'),
      ending: { skipped: 'archive' },
    },
  ];
}

/** 17 000 × 17 000 pixels in a few kilobytes. */
function bomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(17_000, 0);
  header.writeUInt32BE(17_000, 4);
  header.set([8, 2], 8);
  const rows = deflateSync(Buffer.alloc(17_000 * 3 + 1));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', rows),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = value;
  return changed;
}
