import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { uniform } from '#shared/math/random';
import { detailed, differences, lanczosReference } from '../../testing/jpegs';
import { decodePicture } from '../decodePicture';
import { sniff } from '../magic';
import type { DecodeOptions } from '../picture';
import { plainJpeg } from './plainJpeg';

const fixture = (name: string): Promise<Buffer> =>
  readFile(new URL(`../../../../tests/reference/fixtures/jpeg-${name}.jpg`, import.meta.url));

/** What decodePicture does with a JPEG that is not plain. */
function bySharp(bytes: Uint8Array, { size, channels, crop = 'centre' }: DecodeOptions): Promise<Buffer> {
  const fit = ({ centre: 'cover', letterbox: 'contain', stretch: 'fill', attention: 'cover' } as const)[crop];
  return sharp(bytes, { failOn: 'warning' })
    .resize(size, size, { fit, background: '#ffffff', kernel: 'lanczos3' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
}

function taken(bytes: Uint8Array, options: DecodeOptions): Uint8Array {
  const picture = plainJpeg(bytes, options);
  if (!picture) throw new Error('it was left to sharp');
  expect(picture.pixels).toHaveLength(options.size ** 2 * options.channels);
  return picture.pixels;
}

/** Whether the picture is as near to the whole one, brought to its size in floats, as sharp's is, and near it at all. */
async function expectGood(bytes: Uint8Array, size: number): Promise<void> {
  const { data, info } = await sharp(bytes).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const reference = lanczosReference(data, info.width, info.height, info.channels, size);
  const options = { size, channels: 3 } as const;
  const ours = differences(taken(bytes, options), reference);
  const theirs = differences(await bySharp(bytes, options), reference);
  expect(ours.rms).toBeLessThan(6);
  expect(ours.rms, `sharp's: ${theirs.rms}`).toBeLessThanOrEqual(Math.max(theirs.rms, 1));
}

describe('it is at least as near to the whole picture as what sharp makes of it', () => {
  test.each([
    [512, 512, 90, '4:2:0'],
    [1024, 512, 90, '4:2:0'],
    [512, 768, 90, '4:4:4'],
    [513, 377, 80, '4:2:0'],
    [377, 513, 95, '4:4:4'],
    [640, 427, 50, '4:2:0'],
    [199, 1000, 30, '4:4:4'],
    [1201, 803, 85, '4:2:0'],
  ] as const)('%i×%i, quality %i, %s', async (width, height, quality, chromaSubsampling) => {
    const picture = await detailed(width, width, height);
    for (const optimiseCoding of [true, false]) {
      const bytes = await picture.clone().jpeg({ quality, chromaSubsampling, optimiseCoding }).toBuffer();
      for (const size of [16, 32, 64]) if (Math.min(width, height) >= 3 * size) await expectGood(bytes, size);
    }
  });

  test('grey', async () => {
    const bytes = await (await detailed(3, 300, 260)).greyscale().jpeg({ quality: 85 }).toBuffer();
    for (const size of [16, 32, 64]) await expectGood(bytes, size);
  });

  test.each(['444-restarts', '422-restarts', '420-restarts', '422', 'grey-restarts'])('%s', async (name) => {
    const bytes = await fixture(name);
    for (const size of [16, 24, 48]) await expectGood(bytes, size);
  });

  test('half as many rows of chroma: another picture in the codes of half as many columns', async () => {
    const sampled = Buffer.from(await fixture('422'));
    const frame = frameAt(sampled);
    // 201×153 in 4:2:2 has 13 × 20 units; as 208×160 in 4:4:0 it has 26 × 10.
    sampled.writeUInt16BE(160, frame + 5);
    sampled.writeUInt16BE(208, frame + 7);
    sampled[frame + 11] = 0x12;
    await expectGood(sampled, 48);
  });
});

/** Where the frame's segment is. */
const frameAt = (bytes: Buffer) => bytes.indexOf(Buffer.from([0xff, 0xc0]));

describe('it lies where sharp puts it', () => {
  test.each([
    ['centre', 400, 300],
    ['letterbox', 400, 300],
    ['letterbox', 301, 500],
    ['stretch', 400, 300],
  ] as const)('%s of %i×%i', async (crop, width, height) => {
    const bytes = await (await detailed(8, width, height)).jpeg({ quality: 90 }).toBuffer();
    for (const channels of [1, 3] as const) {
      const options = { size: 32, channels, crop } as const;
      expect(differences(taken(bytes, options), await bySharp(bytes, options)).mean).toBeLessThan(5);
    }
  });

  test('a whole picture comes out with its size, its looks and nothing to tell', async () => {
    const bytes = await (await detailed(9, 400, 300)).jpeg().toBuffer();
    expect(await decodePicture(bytes, { size: 32, channels: 3 })).toMatchObject({
      ...{ ok: true, width: 400, height: 300, grey: false, format: 'JPEG', flags: 0, frame: 0 },
      pixels: taken(bytes, { size: 32, channels: 3 }),
    });
    const grey = await (await detailed(9, 400, 300)).greyscale().jpeg().toBuffer();
    expect(await decodePicture(grey, { size: 32, channels: 3 })).toMatchObject({ ok: true, grey: true });
  });
});

describe('what is not plain is left to sharp', () => {
  const options = { size: 16, channels: 3 } as const;
  const jpeg = async () => (await detailed(4, 120, 100)).jpeg({ quality: 85 });
  const isTaken = (bytes: Uint8Array, more: Partial<DecodeOptions> = {}) =>
    plainJpeg(bytes, { ...options, ...more }) !== undefined;

  test('other kinds of JPEG, crops and sizes', async () => {
    const bytes = await (await jpeg()).toBuffer();
    expect(isTaken(bytes)).toBe(true);
    expect(isTaken(bytes, { crop: 'attention' })).toBe(false);
    expect(isTaken(bytes, { region: { left: 0, top: 0, width: 0.5, height: 0.5 } })).toBe(false);
    expect(isTaken(bytes, { size: 40 })).toBe(false);
    expect(isTaken(bytes, { crop: 'letterbox', background: '#ff0000' })).toBe(false);
    expect(isTaken(await (await jpeg()).jpeg({ progressive: true }).toBuffer())).toBe(false);
    expect(isTaken(await (await jpeg()).toColourspace('cmyk').toBuffer())).toBe(false);
    expect(isTaken(await (await detailed(1, 1000, 20)).jpeg().toBuffer(), { crop: 'letterbox' })).toBe(false);
  });

  test('turned pictures and those with a colour profile are mended as ever', async () => {
    const flags = async (bytes: Uint8Array) => {
      const outcome = await decodePicture(bytes, options);
      return outcome.ok ? outcome.flags : outcome.code;
    };
    expect(await flags(await (await jpeg()).toBuffer())).toBe(0);
    expect(await flags(await (await jpeg()).withMetadata({ orientation: 6 }).toBuffer())).not.toBe(0);
    expect(await flags(await (await jpeg()).withIccProfile('p3').toBuffer())).not.toBe(0);
  });

  test('headers that are out of the ordinary', async () => {
    const bytes = await (await jpeg()).toBuffer();
    const at = frameAt(bytes);
    const changed = (place: number, value: number) => {
      const other = Buffer.from(bytes);
      other[at + place] = value;
      return isTaken(other);
    };
    expect(changed(0, 0xff)).toBe(true);
    const [precision, height, factors, table] = [4, 5, 11, 12];
    expect(changed(1, 0xc9)).toBe(false);
    expect(changed(precision, 12)).toBe(false);
    expect(bytes[at + height]).toBe(0);
    expect(changed(height + 1, 0)).toBe(false);
    expect(changed(factors, 0x41)).toBe(false);
    expect(changed(factors, 0x00)).toBe(false);
    expect(changed(table, 3)).toBe(false);
    // Red, green and blue, as Adobe marks them.
    const adobe = Buffer.from([0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0]);
    expect(isTaken(Buffer.concat([bytes.subarray(0, 2), adobe, bytes.subarray(2)]))).toBe(false);
    adobe[15] = 1;
    expect(isTaken(Buffer.concat([bytes.subarray(0, 2), adobe, bytes.subarray(2)]))).toBe(true);
  });

  test('scans that do not end as they should', async () => {
    const bytes = await (await jpeg()).toBuffer();
    for (let cut = 1; cut < 40; cut++) expect(isTaken(bytes.subarray(0, bytes.length - cut))).toBe(false);
    const [whole, end] = [bytes.subarray(0, -2), bytes.subarray(-2)];
    expect(isTaken(Buffer.concat([whole, Buffer.from([0]), end]))).toBe(false);
    expect(isTaken(Buffer.concat([whole, Buffer.from([0xff, 0xd0]), end]))).toBe(false);
    expect(isTaken(Buffer.concat([whole.subarray(0, -1), end]))).toBe(false);
    // As cameras do it, and as libjpeg lets it pass.
    expect(isTaken(Buffer.concat([bytes, Buffer.from('and more')]))).toBe(true);
  });

  test('restart markers out of turn', async () => {
    const bytes = await fixture('444-restarts');
    expect(isTaken(bytes)).toBe(true);
    const at = bytes.indexOf(Buffer.from([0xff, 0xd3]));
    expect(at).toBeGreaterThan(0);
    const other = Buffer.from(bytes);
    other[at + 1] = 0xd4;
    expect(isTaken(other)).toBe(false);
    expect(isTaken(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 2)]))).toBe(false);
  });
});

test('what is taken of damaged bytes, sharp takes too, and without a word', async () => {
  const options = { size: 16, channels: 3 } as const;
  const seeds = [
    await (await detailed(6, 96, 80)).jpeg({ quality: 80 }).toBuffer(),
    await (await detailed(7, 70, 90)).jpeg({ quality: 60, chromaSubsampling: '4:4:4' }).toBuffer(),
    await (await detailed(8, 64, 64)).greyscale().jpeg({ quality: 90 }).toBuffer(),
    await fixture('420-restarts'),
    await fixture('422'),
  ];
  let accepted = 0;
  for (let run = 0; run < 1500; run++) {
    const draw = (position: number, below: number) => Math.floor(uniform(run, 9, position) * below);
    const bytes = Uint8Array.from(seeds[run % seeds.length] as Buffer);
    for (let change = 0; change <= draw(0, 3); change++) {
      bytes[draw(3 * change + 1, bytes.length)] = draw(3 * change + 2, 256);
    }
    const cut = draw(20, 8) === 0 ? bytes.subarray(0, draw(21, bytes.length)) : bytes;
    const picture = sniff(cut)?.format === 'JPEG' && plainJpeg(cut, options);
    if (!picture) continue;
    accepted += 1;
    const theirs = await bySharp(cut, options);
    const { mean } = differences(picture.pixels, theirs);
    expect(mean, `run ${run}`).toBeLessThan(10);
  }
  expect(accepted).toBeGreaterThan(100);
});
