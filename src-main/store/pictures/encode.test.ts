import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { PictureBatch } from '#shared/contract/types';
import { encodeAnimatedWebp, encodePng } from './encode';
import { decodePngPicture } from './png';

function batch(count: number, channels: 1 | 3, width = 5, height = 4): PictureBatch {
  const pixels = Uint8Array.from({ length: count * width * height * channels }, (_, index) => (index * 53) % 256);
  return { count, width, height, channels, pixels };
}

/** As another reader sees it. */
const readBySharp = async (bytes: Uint8Array, channels: 1 | 3) =>
  sharp(bytes)
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });

test.each([1, 3] as const)(
  'a PNG with %i channels holds every pixel, for other readers and for its own',
  async (channels) => {
    const picture = batch(1, channels, 31, 17);
    const png = await encodePng(picture);
    const { data, info } = await readBySharp(png, channels);
    expect(info).toMatchObject({ width: 31, height: 17, channels });
    expect([...data]).toEqual([...picture.pixels]);
    expect((await decodePngPicture(png)).picture).toEqual(picture);
  },
);

test('a grid goes left to right, row by row, with black where there is none', async () => {
  const shades = Uint8Array.of(10, 20, 30, 40, 50);
  const { picture } = await decodePngPicture(
    await encodePng({ count: 5, width: 1, height: 1, channels: 1, pixels: shades }, { columns: 3 }),
  );
  expect(picture).toMatchObject({ width: 3, height: 2 });
  expect([...picture.pixels]).toEqual([10, 20, 30, 40, 50, 0]);
});

test('enlarged pixels stay pixels', async () => {
  const { picture } = await decodePngPicture(
    await encodePng(
      { count: 1, width: 2, height: 1, channels: 3, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) },
      { scale: 2 },
    ),
  );
  const row = [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6];
  expect([...picture.pixels]).toEqual([...row, ...row]);
});

test('text is kept, in any script, where others find it too', async () => {
  const text = { Software: 'Ganvas', seeds: '1, 2, 3', note: '„Größe“ 🙂 <b>' };
  const png = await encodePng(batch(1, 3), { text });
  expect(Object.fromEntries((await decodePngPicture(png)).text)).toEqual(text);
  const { comments } = await sharp(png).metadata();
  expect(comments?.map(({ keyword, text: value }) => [keyword, value])).toEqual(
    expect.arrayContaining([
      ['Software', 'Ganvas'],
      ['seeds', '1, 2, 3'],
    ]),
  );
});

test('other filters, as other programs write them, are read', async () => {
  const picture = batch(1, 3, 40, 30);
  const raw = { width: 40, height: 30, channels: 3 } as const;
  const png = await sharp(picture.pixels, { raw }).png({ adaptiveFiltering: true }).toBuffer();
  expect((await decodePngPicture(png)).picture).toEqual(picture);
});

test('a PNG cut anywhere is refused', async () => {
  const png = await encodePng(batch(1, 3), { text: { a: 'b' } });
  for (let length = 0; length < png.length; length++) {
    await expect(decodePngPicture(png.subarray(0, length))).rejects.toThrow();
  }
});

test('a picture beyond the cap is refused before it is made', async () => {
  const huge = encodePng(batch(8, 1, 256, 256), { scale: 16 });
  await expect(huge).rejects.toMatchObject({ code: 'export.too-large' });
});

test('an animated WebP has every frame, its times and its loops', async () => {
  const frames = batch(7, 3, 9, 6);
  const done: number[] = [];
  const webp = await encodeAnimatedWebp([frames], {
    delayMs: 40,
    loop: 2,
    scale: 3,
    onProgress: (now) => done.push(now),
  });
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const image = sharp(webp, { animated: true });
  expect(await image.metadata()).toMatchObject({
    width: 27,
    pageHeight: 18,
    pages: 7,
    loop: 2,
    delay: Array(7).fill(40),
  });
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  // The middle of each enlarged pixel.
  for (let index = 0; index < frames.pixels.length; index += 3) {
    const pixel = index / 3;
    const [x, y] = [pixel % 9, Math.floor(pixel / 9)];
    const at = ((y * 3 + 1) * 27 + x * 3 + 1) * 3;
    expect([...data.subarray(at, at + 3)]).toEqual([...frames.pixels.subarray(index, index + 3)]);
  }
});

test('grey frames, frames as they are rendered, and an odd size work too', async () => {
  async function* rendered() {
    for (let part = 0; part < 3; part++) yield await Promise.resolve(batch(2, 1, 7, 5));
  }
  const webp = await encodeAnimatedWebp(rendered(), { delayMs: 33, loop: 0 });
  expect(await sharp(webp, { animated: true }).metadata()).toMatchObject({
    width: 7,
    pageHeight: 5,
    pages: 6,
    loop: 0,
  });
});

test('an animation can be cancelled', async () => {
  const stopper = new AbortController();
  const running = encodeAnimatedWebp([batch(50, 3)], {
    delayMs: 40,
    loop: 0,
    signal: stopper.signal,
    onProgress: (done) => done === 5 && stopper.abort(),
  });
  await expect(running).rejects.toMatchObject({ code: 'job.cancelled' });
});
