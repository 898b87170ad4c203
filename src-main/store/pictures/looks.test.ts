import sharp from 'sharp';
import { expect, test } from 'vitest';
import { uniform } from '#shared/math/random';
import { hashDistance, looksOf } from './looks';

const SIZE = 64;

/** Soft blots that differ with the seed, `[SIZE, SIZE, 3]`. */
async function blots(seed: number): Promise<Uint8Array> {
  const coarse = Buffer.from(Array.from({ length: 12 * 12 * 3 }, (_, index) => 255 * uniform(seed, 3, index)));
  const picture = sharp(coarse, { raw: { width: 12, height: 12, channels: 3 } });
  return picture.resize(SIZE, SIZE, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer();
}
const hash = (pixels: Uint8Array, size = SIZE) => looksOf(pixels, size, 3).looks;

test('the hash hardly changes when a picture is saved again, scaled or made lighter, and differs from others', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const picture = await blots(seed);
    const raw = sharp(picture, { raw: { width: SIZE, height: SIZE, channels: 3 } });
    const jpeg = await sharp(await raw.clone().jpeg({ quality: 60 }).toBuffer())
      .raw()
      .toBuffer();
    const small = await sharp(await raw.clone().resize(32).png().toBuffer())
      .raw()
      .toBuffer();
    const light = picture.map((value) => Math.min(255, value * 0.9 + 20));
    for (const [again, size] of [
      [jpeg, SIZE],
      [small, 32],
      [light, SIZE],
    ] as const) {
      expect(hashDistance(hash(picture), hash(again, size))).toBeLessThanOrEqual(6);
    }
    expect(hashDistance(hash(picture), hash(await blots(seed + 100)))).toBeGreaterThan(12);
  }
});

test('mean and deviation are those of the luma', () => {
  const half = new Uint8Array(16 * 16).map((_, index) => (index % 2 ? 255 : 0));
  expect(looksOf(half, 16, 1)).toMatchObject({ mean: 127.5, deviation: 127.5 });
  const red = Uint8Array.from({ length: 16 * 16 * 3 }, (_, index) => (index % 3 ? 0 : 255));
  const { mean, deviation, looks } = looksOf(red, 16, 3);
  expect(mean).toBeCloseTo(0.299 * 255, 3);
  expect(deviation).toBeLessThan(0.1);
  expect([...looks]).toEqual(new Array(8).fill(0));
});

test('a distance counts the bits that differ', () => {
  expect(hashDistance(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0), Uint8Array.of(255, 1, 0, 0, 0, 0, 0, 128))).toBe(10);
});
