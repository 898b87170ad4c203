import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundle } from '../testing/bundle';
import { colourful } from '../testing/pictures';
import { decodePicture } from './decodePicture';
import type { DecodeOutcome, PictureWorkers } from './picture';
import { openPool, type PoolOptions } from './pool';

let file: URL;
beforeAll(async () => {
  file = await bundle('src-main/store/decode/worker.ts', 'decode');
});

function pool(options: Omit<PoolOptions, 'file'>): PictureWorkers {
  const opened = openPool({ file, ...options });
  onTestFinished(() => opened.close());
  return opened;
}

const options = { size: 32, channels: 3 } as const;
const jpeg = async (seed: number) => Uint8Array.from(await colourful(seed).jpeg().toBuffer());
const meanDifference = (a: DecodeOutcome, b: DecodeOutcome): number => {
  if (!a.ok || !b.ok) return Infinity;
  return (
    a.pixels.reduce((sum, value, index) => sum + Math.abs(value - (b.pixels[index] as number)), 0) / a.pixels.length
  );
};

describe.each(['native', 'wasm'] as const)('sharp’s %s build, in worker threads', (decoder) => {
  test('decodes as this thread does', async () => {
    const workers = pool({ decoder, workers: 2 });
    const seeds = [1, 2, 3, 4, 5, 6];
    const outcomes = await Promise.all(seeds.map(async (seed) => workers.decode(await jpeg(seed), options)));
    for (const [index, seed] of seeds.entries()) {
      const here = await decodePicture(await jpeg(seed), options);
      expect(meanDifference(outcomes[index] as DecodeOutcome, here)).toBeLessThan(1);
    }
  });

  test('refuses what is corrupt and encodes a WebP', async () => {
    const workers = pool({ decoder, workers: 1 });
    const cut = (await jpeg(1)).slice(0, 300);
    expect(await workers.decode(cut, options)).toMatchObject({ ok: false, code: 'corrupt' });
    const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, index) => index);
    const webp = await workers.encodeWebp({ count: 1, width: 8, height: 8, channels: 3, pixels });
    const back = await decodePicture(webp, { size: 16, channels: 3 });
    expect(back).toMatchObject({ ok: true, width: 8, height: 8 });
  });
});

test('a picture that overruns its time is refused, and its worker replaced', async () => {
  const slow = await colourful(1, 6000, 6000).jpeg().toBuffer();
  const hurried = pool({ workers: 1, timeoutMs: 1 });
  expect(await hurried.decode(Uint8Array.from(slow), options)).toMatchObject({ ok: false, code: 'timeout' });
  // The same seat again: it has a new worker.
  expect(await hurried.decode(Uint8Array.from(slow), options)).toMatchObject({ ok: false, code: 'timeout' });
});

test('a worker that dies costs its picture alone', async () => {
  const dying = new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ bytes }) => {
        if (bytes[0] === 1) process.exit(3);
        parentPort.postMessage({ kind: 'decoded', outcome: { ok: false, code: 'corrupt', detail: 'alive' } });
      });
      parentPort.postMessage({ kind: 'ready' });
    `)}`,
  );
  const workers = openPool({ file: dying, workers: 1, decoder: 'native' });
  onTestFinished(() => workers.close());
  const outcomes = await Promise.all([0, 1, 0].map((byte) => workers.decode(Uint8Array.of(byte), options)));
  expect(outcomes).toEqual([
    { ok: false, code: 'corrupt', detail: 'alive' },
    { ok: false, code: 'corrupt', detail: 'the decoder crashed: it left with code 3' },
    { ok: false, code: 'corrupt', detail: 'alive' },
  ]);
});

test('a worker that cannot start is a defect of the program, not of the picture', async () => {
  const workers = openPool({ file: new URL('nowhere.js', file), workers: 1 });
  onTestFinished(() => workers.close());
  await expect(workers.decode(Uint8Array.of(1), options)).rejects.toMatchObject({ code: 'defect' });
});

test('closed, it decodes nothing more, and what was queued ends', async () => {
  const workers = openPool({ file, workers: 1 });
  const running = Promise.all([1, 2, 3].map(async (seed) => workers.decode(await jpeg(seed), options)));
  await workers.close();
  for (const outcome of await running) expect(outcome.ok ? 'taken' : outcome.code).toMatch(/taken|corrupt/);
});
