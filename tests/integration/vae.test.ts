import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaeReport } from '#shared/contract/types';
import { ganvas, type Finished } from '../tools/commandLine';

const SIDE = 32;
const PICTURES = 48;
let folder: string;
let project: string;
const inFolder = (name: string) => join(folder, name);
const run = (...args: readonly string[]) => ganvas(inFolder('home'), ...args, '--json');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-vae-'));
  project = inFolder('discs');
  await mkdir(inFolder('pictures'));
  for (let index = 0; index < PICTURES; index++) {
    const png = sharp(disc(index), { raw: { width: SIDE, height: SIDE, channels: 1 } }).png();
    await png.toFile(join(inFolder('pictures'), `${String(index).padStart(2, '0')}.png`));
  }
});

afterAll(() => rm(folder, { recursive: true }));

/** A grey disc on black whose place and size the number decides. */
function disc(index: number): Buffer {
  const [x, y, radius] = [8 + ((index * 7) % 17), 8 + ((index * 5) % 17), 4 + (index % 4)];
  return Buffer.from(
    Array.from({ length: SIDE * SIDE }, (_, at) =>
      Math.hypot((at % SIDE) - x, Math.floor(at / SIDE) - y) < radius ? 230 : 0,
    ),
  );
}

const lines = ({ stdout }: Finished) => stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown); // prettier-ignore

describe('a VAE from the command line', () => {
  it('learns to reconstruct, encodes, walks between pictures and is exported', async () => {
    expect(await run('new', project, '--preset', 'vae-32')).toMatchObject({ code: 0 });
    expect(await run('import', project, inFolder('pictures'), '--size', '32', '--channels', '1')).toMatchObject({
      code: 0,
    });
    const trained = await run('train', project, '--steps', '120', '--batch', '16', '--seed', '3');
    expect(trained).toMatchObject({ code: 0 });
    const reports = lines(trained) as VaeReport[];
    const [first, last] = [reports[0], reports.at(-1)];
    expect(last).toMatchObject({ step: 120, images: 120 * 16 });
    expect(last?.squaredError).toBeLessThan((first?.squaredError ?? 0) / 3);
    expect(last?.kl).toBeGreaterThan(1);
    expect(last?.elbo).toBeCloseTo(-((last?.reconstruction ?? 0) + (last?.kl ?? 0)), 1);

    const reconstructions = inFolder('reconstructions.png');
    const encoded = await run('encode', project, '--first', '3', '--count', '8', '--out', reconstructions);
    expect(encoded).toMatchObject({ code: 0 });
    const { codes } = lines(encoded)[0] as { codes: { picture: number; mean: number[]; deviation: number[] }[] };
    expect(codes.map(({ picture }) => picture)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(codes[0]?.mean).toHaveLength(32);
    expect(codes.every(({ deviation }) => deviation.every((value) => value > 0))).toBe(true);
    // Pairs of picture and reconstruction: 8 pairs in two rows of two pairs and more.
    expect(await sharp(reconstructions).metadata()).toMatchObject({ format: 'png', width: 4 * SIDE, height: 4 * SIDE });

    const walk = inFolder('walk.webp');
    const walked = await run('interpolate', project, '--from', 'picture:3', '--to', 'picture:4', '--frames', '9', '--scale', '1', '--out', walk); // prettier-ignore
    expect(walked).toMatchObject({ code: 0 });
    const frames = await framesOf(walk);
    const whole = difference(frames[0], frames.at(-1));
    expect(whole).toBeGreaterThan(0);
    frames.slice(1).forEach((frame, at) => expect(difference(frames[at], frame)).toBeLessThan(whole / 2));

    const model = inFolder('encoder.onnx');
    expect(await run('export', project, '--format', 'onnx', '--network', 'encoder', '--out', model)).toMatchObject({
      code: 0,
    });
    const session = await InferenceSession.create(new Uint8Array(await readFile(model)));
    const pixels = await sharp(join(inFolder('pictures'), '03.png'))
      .extractChannel(0)
      .raw()
      .toBuffer();
    const pictures = Float32Array.from(pixels, (value) => value / 127.5 - 1);
    const result = await session.run({ pictures: new Tensor('float32', pictures, [1, SIDE, SIDE, 1]) });
    await session.release();
    const mean = result['mean']?.data as Float32Array;
    codes[0]?.mean.forEach((value, at) => expect(mean[at]).toBeCloseTo(value, 3));
    expect(result['logVariance']?.dims).toEqual([1, 32]);
  });

  it('says which picture is not there', async () => {
    const encoded = await run('encode', project, '--first', '1000');
    expect(encoded.code).toBe(1);
    expect(encoded.stderr).toMatch(/no picture 1000/);
  });
});

async function framesOf(file: string): Promise<readonly Buffer[]> {
  const { pages = 0 } = await sharp(file).metadata();
  return Promise.all(
    Array.from({ length: pages }, (_, page) => sharp(file, { page }).extractChannel(0).raw().toBuffer()),
  );
}

const difference = (a: Buffer | undefined, b: Buffer | undefined): number =>
  (a ?? Buffer.alloc(0)).reduce((sum, value, at) => sum + Math.abs(value - (b?.[at] ?? 0)), 0);
