import fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { encodePng } from '../pictures/encode';
import { pngChunk } from '../pictures/png';
import { colourful, redBlue } from '../testing/pictures';
import { everyFrame, framesAt } from './animationFrames';
import { decodePicture } from './decodePicture';
import type { DecodedPicture } from './picture';

const SIZE = 16;
const options = { size: SIZE, channels: 3 } as const;

async function decoded(bytes: Uint8Array, channels: 1 | 3 = 3): Promise<DecodedPicture> {
  const outcome = await decodePicture(bytes, { size: SIZE, channels });
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.detail}`);
  expect(outcome.pixels).toHaveLength(SIZE * SIZE * channels);
  return outcome;
}
/** The pixel at x, y. */
const at = ({ pixels }: DecodedPicture, x: number, y: number) => [
  ...pixels.subarray((y * SIZE + x) * 3, (y * SIZE + x) * 3 + 3),
];
const near = (pixel: readonly number[], wanted: readonly number[], tolerance = 12) =>
  pixel.every((value, index) => Math.abs(value - (wanted[index] as number)) <= tolerance);

const RED = [255, 0, 0];
const BLUE = [0, 0, 255];

describe('every format that is read gives the same picture', () => {
  test.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)('%s', async (format) => {
    const picture = await decoded(await redBlue(40, 30).toFormat(format, { quality: 95 }).toBuffer());
    expect(picture).toMatchObject({ width: 40, height: 30, grey: false });
    expect(near(at(picture, 2, 8), RED, 40)).toBe(true);
    expect(near(at(picture, 13, 8), BLUE, 40)).toBe(true);
  });
});

test('the EXIF orientation turns the picture, and its size', async () => {
  // Orientation 6: the stored picture is to be turned by 90° clockwise; its left (red) comes to the top.
  const picture = await decoded(
    await redBlue(60, 60).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer(),
  );
  expect(near(at(picture, 8, 2), RED, 40)).toBe(true);
  expect(near(at(picture, 8, 13), BLUE, 40)).toBe(true);
  const wide = await decoded(await redBlue(60, 20).withMetadata({ orientation: 8 }).jpeg().toBuffer());
  expect(wide).toMatchObject({ width: 20, height: 60 });
});

test('the middle square is taken', async () => {
  // Green in the middle third, black beside it.
  const middle = sharp({ create: { width: 20, height: 20, channels: 3, background: '#00ff00' } });
  const wide = await middle.extend({ left: 20, right: 20, background: '#000000' }).png().toBuffer();
  const picture = await decoded(wide);
  for (const x of [1, 8, 14]) expect(near(at(picture, x, 8), [0, 255, 0])).toBe(true);
});

test('what is transparent becomes white, also in 16 bits', async () => {
  const clear = sharp({ create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
  expect(at(await decoded(await clear.clone().png().toBuffer()), 8, 8)).toEqual([255, 255, 255]);
  // libvips counts white as 255 × 256 of 65 535 there.
  const sixteen = await decoded(await clear.clone().toColourspace('rgb16').png().toBuffer());
  expect(near(at(sixteen, 8, 8), [255, 255, 255], 1)).toBe(true);
});

test('CMYK, 16 bits, palettes and wide-gamut profiles come out as sRGB', async () => {
  const source = () => redBlue(40, 40);
  const plain = await decoded(await source().png().toBuffer());
  const sixteen = await decoded(await source().toColourspace('rgb16').png().toBuffer());
  const palette = await decoded(await source().png({ palette: true }).toBuffer());
  const wide = await decoded(await source().withIccProfile('p3').png().toBuffer());
  for (const other of [sixteen, palette, wide]) {
    expect(near(at(other, 2, 8), at(plain, 2, 8))).toBe(true);
    expect(near(at(other, 13, 8), at(plain, 13, 8))).toBe(true);
  }
  // Ink cannot show these colours as bright; it is red on the left all the same.
  const [red = 0, , blue = 255] = at(await decoded(await source().toColourspace('cmyk').jpeg().toBuffer()), 2, 8);
  expect(red - blue).toBeGreaterThan(100);
});

test('grey is told from colour, and one channel is one channel', async () => {
  const grey = await redBlue(40, 40).greyscale().jpeg().toBuffer();
  expect((await decoded(grey)).grey).toBe(true);
  const greyInColour = await redBlue(40, 40).greyscale().toColourspace('srgb').jpeg().toBuffer();
  expect((await decoded(greyInColour)).grey).toBe(true);
  expect((await decoded(grey, 1)).pixels).toHaveLength(SIZE * SIZE);
});

describe('a long animation', () => {
  const shadeOf = (number: number) => 20 + ((number * 37) % 200);

  /** So many frames, each of another colour than those beside it. */
  async function animation(format: 'gif' | 'webp', count: number, side: number): Promise<Buffer> {
    const frames = Array.from({ length: count }, (_, number) => {
      const shade = shadeOf(number);
      const background = { r: shade, g: 255 - shade, b: number % 7 };
      return sharp({ create: { width: side, height: side, channels: 3, background } })
        .png()
        .toBuffer();
    });
    const joined = sharp(await Promise.all(frames), { join: { animated: true } });
    return joined.toFormat(format, { effort: 1 }).toBuffer();
  }

  test.each([
    ['gif', 400, 320],
    ['webp', 60, 800],
  ] as const)('a %s of %i frames of %i²: every fifth, as it is read alone', async (format, count, side) => {
    const bytes = await animation(format, count, side);
    let told = 0;
    const outcome = await decodePicture(bytes, { ...options, every: 5 }, undefined, () => (told += 1));
    const more = outcome.ok ? (outcome.more ?? []) : [];
    expect(more.map(({ frame }) => frame)).toEqual(
      Array.from({ length: count / 5 - 1 }, (_, index) => 5 * (index + 1)),
    );
    expect(told).toBe(more.length);
    // Two of them were read at once with others, the last after the cap made a new beginning.
    expect(count * side * side).toBeGreaterThan(limits.animationPixelsAtOnce);
    for (const frame of [5, 30, count - 5]) {
      const alone = await decodePicture(bytes, { ...options, frame });
      expect(alone).toMatchObject({ ok: true, frame, width: side, height: side });
      expect(more[frame / 5 - 1]?.pixels).toEqual(alone.ok && alone.pixels);
    }
    const shade = shadeOf(count - 5);
    expect(near(at(more.at(-1) as DecodedPicture, 8, 8), [shade, 255 - shade, (count - 5) % 7])).toBe(true);
  });

  test('is read at the frames that are asked for, all of one size', async () => {
    const bytes = await animation('gif', 30, 8);
    const frames: number[] = [];
    const sides = { width: 8, height: 8 };
    for await (const { number } of everyFrame(bytes, sides, 7, 30)) frames.push(number);
    expect(frames).toEqual([7, 14, 21, 28]);
    const first = await framesAt(bytes, sides, 7, 1);
    expect(first).toHaveLength(1);
    await expect(framesAt(bytes, { width: 8, height: 9 }, 7, 1)).rejects.toThrow('one size');
  });
});

describe('what cannot be used is refused with a code and the reason', () => {
  const refusal = async (bytes: Uint8Array) => {
    const outcome = await decodePicture(bytes, options);
    return outcome.ok ? 'taken' : outcome.code;
  };

  test('files that are no pictures', async () => {
    expect(await refusal(new Uint8Array())).toBe('empty');
    expect(await refusal(Buffer.from('hello'))).toBe('not-a-picture');
    expect(await refusal(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toBe(
      'unsupported',
    );
    expect(await refusal(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500, 'x')]))).toBe('corrupt');
  });

  test.each(['png', 'jpeg', 'webp', 'gif'] as const)('a %s cut short', async (format) => {
    const whole = await colourful(1, 200, 150).toFormat(format).toBuffer();
    for (const share of [0.3, 0.6, 0.9]) {
      expect(await refusal(whole.subarray(0, Math.floor(whole.length * share)))).toBe('corrupt');
    }
  });

  test('a decoder bomb, by its header: 17 000 × 17 000 pixels in a few kilobytes', async () => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(17_000, 0);
    header.writeUInt32BE(17_000, 4);
    header.set([8, 2], 8);
    const rows = deflateSync(Buffer.alloc(17_000 * 3 + 1));
    const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    const bomb = Buffer.concat([
      signature,
      pngChunk('IHDR', header),
      pngChunk('IDAT', rows),
      pngChunk('IEND', Buffer.alloc(0)),
    ]);
    expect(bomb.length).toBeLessThan(10_000);
    expect(await refusal(bomb)).toBe('too-many-pixels');
  });
});

test('whatever the bytes, it answers', async () => {
  const seeds = await Promise.all(
    (['png', 'jpeg', 'webp', 'gif', 'tiff'] as const).map((format) => colourful(2, 24, 24).toFormat(format).toBuffer()),
  );
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...seeds), fc.array(change, { maxLength: 20 }), async (seed, changes) => {
      const bytes = Uint8Array.from(seed);
      for (const { at, to } of changes) bytes[at % bytes.length] = to;
      const outcome = await decodePicture(bytes, options);
      if (outcome.ok) expect(outcome.pixels).toHaveLength(SIZE * SIZE * 3);
      else expect(outcome.detail).not.toBe('');
    }),
    { numRuns: 300 },
  );
});

test('a PNG of Ganvas itself is read', async () => {
  const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, index) => index % 256);
  const png = await encodePng({ count: 1, width: 16, height: 16, channels: 3, pixels });
  expect([...(await decoded(png)).pixels]).toEqual([...pixels]);
});
