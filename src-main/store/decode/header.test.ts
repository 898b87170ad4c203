import fc from 'fast-check';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { pngChunk } from '../pictures/png';
import { colourful } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { writeTorture } from '../testing/torture';
import { readHeader, type Header } from './header';
import { sniff } from './magic';

/** What sharp says, of what is read from headers; undefined where it cannot open the picture. */
async function bySharp(bytes: Uint8Array): Promise<Header | undefined> {
  const input = { failOn: 'warning', limitInputPixels: limits.picturePixels, pages: 1 } as const;
  const metadata = await sharp(bytes, input)
    .metadata()
    .catch(() => undefined);
  if (!metadata) return undefined;
  const { autoOrient, space, depth, orientation, icc } = metadata;
  return { autoOrient, space, depth, ...(orientation && { orientation }), ...(icc && { icc }) };
}

const formatOf = (bytes: Uint8Array): string | undefined => {
  const sniffed = sniff(bytes);
  return sniffed?.kind === 'accepted' ? sniffed.format : undefined;
};
const jpeg = (...segments: readonly Uint8Array[]) => Buffer.concat([Buffer.of(0xff, 0xd8), ...segments]);

function segment(marker: number, data: Uint8Array, length = data.length + 2): Buffer {
  return Buffer.concat([Buffer.of(0xff, marker, length >> 8, length & 0xff), data]);
}

const frame = (marker = 0xc0, depth = 8, components = 3) =>
  segment(marker, Buffer.of(depth, 0, 30, 0, 40, components, ...new Array<number>(3 * components).fill(1)));
const SCAN = segment(0xda, Buffer.of(1, 1, 0, 0, 63, 0));

/** A big-endian EXIF segment whose directory has these entries: tag, type, count, value. */
function exif(...entries: readonly (readonly [number, number, number, number])[]): Buffer {
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16BE(entries.length, 0);
  entries.forEach(([tag, type, count, value], index) => {
    const at = 2 + 12 * index;
    directory.writeUInt16BE(tag, at);
    directory.writeUInt16BE(type, at + 2);
    directory.writeUInt32BE(count, at + 4);
    directory.writeUInt16BE(value, at + 8);
  });
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\x08', 'latin1'), directory]));
}

test('it agrees with sharp on every file of the torture folder that it reads at all', async () => {
  const folder = await temporaryFolder();
  await writeTorture(folder);
  const read: Record<string, number> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    const format = formatOf(bytes);
    const header = format && readHeader(bytes, format);
    if (!header) continue;
    const expected = await bySharp(bytes);
    // What sharp cannot even open is refused when it is decoded.
    if (expected) expect(header, entry.name).toEqual(expected);
    read[format] = (read[format] ?? 0) + 1;
  }
  expect(read['JPEG']).toBeGreaterThan(30);
  expect(read['PNG']).toBeGreaterThan(50);
  expect(read['WebP']).toBeGreaterThan(20);
}, 60_000);

test('orientation and profile are read as sharp reads them', async () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const bytes = await colourful(orientation, 48, 20).withMetadata({ orientation }).jpeg().toBuffer();
    expect(readHeader(bytes, 'JPEG')).toEqual(await bySharp(bytes));
    expect(readHeader(bytes, 'JPEG')).toMatchObject({ orientation });
  }
  const wide = await colourful(9).withIccProfile('p3').jpeg().toBuffer();
  expect(readHeader(wide, 'JPEG')?.icc?.length).toBeGreaterThan(100);
  expect(readHeader(wide, 'JPEG')).toEqual(await bySharp(wide));
});

test('whatever is changed in a header, it agrees with sharp or leaves it to sharp', async () => {
  const seeds = await Promise.all([
    colourful(1).jpeg().toBuffer(),
    colourful(2).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    colourful(3).png().toBuffer(),
    colourful(4).webp().toBuffer(),
    colourful(5).webp({ lossless: true }).toBuffer(),
  ]);
  const change = fc.record({ at: fc.nat(699), to: fc.nat(255) });
  let agreed = 0;
  const property = fc.asyncProperty(
    fc.constantFrom(...seeds),
    fc.array(change, { minLength: 1, maxLength: 3 }),
    fc.nat(),
    async (seed, changes, cut) => {
      const bytes = Uint8Array.from(cut % 4 ? seed : seed.subarray(0, cut % seed.length));
      for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to;
      const format = formatOf(bytes);
      const header = format && readHeader(bytes, format);
      const expected = header && (await bySharp(bytes));
      if (!expected) return;
      agreed += 1;
      expect(header).toEqual(expected);
    },
  );
  await fc.assert(property, { numRuns: 1500 });
  expect(agreed).toBeGreaterThan(200);
}, 60_000);

test.each([
  ['no segment', jpeg()],
  ['an end after the frame', jpeg(frame())],
  ['a length that leads out of the file', jpeg(frame(), segment(0xda, Buffer.of(1, 1), 9999))],
  ['a length of zero', jpeg(segment(0xe0, Buffer.alloc(0), 0), frame(), SCAN)],
  ['a length of one', jpeg(segment(0xe0, Buffer.alloc(0), 1), frame(), SCAN)],
  ['bytes that are no marker', jpeg(Buffer.of(0, 0), frame(), SCAN)],
  ['two frames', jpeg(frame(), frame(), SCAN)],
  ['a frame cut short', jpeg(segment(0xc0, Buffer.of(8, 0, 30)), SCAN)],
  ['no frame', jpeg(SCAN)],
  ['no rows', jpeg(segment(0xc0, Buffer.of(8, 0, 0, 0, 40, 1, 1, 1, 1)), SCAN)],
  ['12 bits', jpeg(frame(0xc1, 12), SCAN)],
  ['four inks', jpeg(frame(0xc0, 8, 4), SCAN)],
  ['an arithmetic code', jpeg(frame(0xc9), SCAN)],
  ['rows that are told later', jpeg(frame(), segment(0xdc, Buffer.of(0, 30)), SCAN)],
  ['a profile in two parts', jpeg(segment(0xe2, Buffer.from('ICC_PROFILE\0\x01\x02sRGB', 'latin1')), frame(), SCAN)],
  ['several pictures', jpeg(segment(0xe2, Buffer.from('MPF\0MM', 'latin1')), frame(), SCAN)],
  ['EXIF twice', jpeg(exif([0x0112, 3, 1, 6]), exif([0x0112, 3, 1, 6]), frame(), SCAN)],
  ['EXIF cut short', jpeg(segment(0xe1, Buffer.from('Exif\0\0MM', 'latin1')), frame(), SCAN)],
  ['an orientation of another type', jpeg(exif([0x0112, 4, 1, 6]), frame(), SCAN)],
  ['an orientation of 9', jpeg(exif([0x0112, 3, 1, 9]), frame(), SCAN)],
  ['two orientations', jpeg(exif([0x0112, 3, 1, 6], [0x0112, 3, 1, 1]), frame(), SCAN)],
])('a JPEG of %s is left to sharp', (_, bytes) => {
  expect(readHeader(bytes, 'JPEG')).toBeUndefined();
});

test('padding between markers is passed over, however long', () => {
  const bytes = jpeg(Buffer.alloc(100_000, 0xff), exif([0x0112, 3, 1, 6]), frame(0xc2), SCAN);
  expect(readHeader(bytes, 'JPEG')).toMatchObject({ autoOrient: { width: 30, height: 40 }, orientation: 6 });
  expect(readHeader(Buffer.alloc(100_000, 0xff), 'JPEG')).toBeUndefined();
});

test('a directory of EXIF that leads out of its segment is left to sharp', () => {
  const sound = exif([0x0112, 3, 1, 6]);
  for (const [at, value] of [
    [14, 0xffff_ffff],
    [18, 0xffff_0000],
  ] as const) {
    const bytes = Buffer.from(sound);
    bytes.writeUInt32BE(value, at);
    expect(readHeader(jpeg(bytes, frame(), SCAN), 'JPEG')).toBeUndefined();
  }
});

test('a PNG with anything beside its picture, or cut within its header, is left to sharp', async () => {
  const whole = await colourful(1).png().toBuffer();
  const start = 8 + 25;
  const withChunk = (type: string) =>
    Buffer.concat([whole.subarray(0, start), pngChunk(type, Buffer.alloc(8)), whole.subarray(start)]);
  expect(readHeader(withChunk('tEXt'), 'PNG')).toEqual(readHeader(whole, 'PNG'));
  for (const type of ['acTL', 'eXIf', 'iCCP', 'IHDR', 'what']) {
    expect(readHeader(withChunk(type), 'PNG')).toBeUndefined();
  }
  for (let length = 0; length < start; length++) {
    expect(readHeader(whole.subarray(0, length), 'PNG')).toBeUndefined();
  }
  const deep = await colourful(1).toColourspace('rgb16').png().toBuffer();
  expect(readHeader(deep, 'PNG')).toBeUndefined();
});
