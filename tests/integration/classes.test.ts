import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uniform } from '#shared/math/random';
import { ganvas, type Finished } from '../tools/commandLine';

/** Pictures of two classes, red discs and blue squares, from their folders to pictures of a chosen class, by the built command line. */
const SIDE = 16;
const EACH = 60;
let folder: string;
let project: string;
let pictures: string;
const run = (...args: readonly string[]) => ganvas(join(folder, 'home'), ...args);
const inFolder = (...parts: readonly string[]) => join(folder, ...parts);
const jsonOf = ({ stdout }: Finished) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
type Colour = readonly [red: number, green: number, blue: number];

/** A shape of one colour somewhere on a dark ground. */
async function draw(file: string, seed: number, colour: Colour, round: boolean): Promise<void> {
  const at = (index: number) => uniform(seed, 1, index);
  const [x, y, reach] = [5 + 6 * at(0), 5 + 6 * at(1), 3 + 2 * at(2)];
  // A ground of its own for each, so that no two pictures are the same.
  const pixels = Buffer.alloc(SIDE * SIDE * 3, 10 + (seed % 50));
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    const [dx, dy] = [(pixel % SIDE) - x, Math.floor(pixel / SIDE) - y];
    if ((round ? Math.hypot(dx, dy) : Math.max(Math.abs(dx), Math.abs(dy))) < reach) pixels.set(colour, pixel * 3);
  }
  await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toFile(file);
}

async function drawClass(name: string, firstSeed: number, colour: Colour, round: boolean): Promise<void> {
  await mkdir(join(pictures, name), { recursive: true });
  for (let index = 0; index < EACH; index++) {
    await draw(join(pictures, name, `${index}.png`), firstSeed + index, colour, round);
  }
}

/** How much redder than blue a part of a picture is, −255 … 255. */
async function redness(picture: Sharp): Promise<number> {
  const { channels } = await sharp(await picture.removeAlpha().png().toBuffer()).stats();
  return (channels[0]?.mean ?? NaN) - (channels[2]?.mean ?? NaN);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-classes-'));
  [project, pictures] = [inFolder('shapes'), inFolder('pictures')];
  await drawClass('red discs', 1, [230, 30, 30], true);
  await drawClass('blue squares', 1000, [30, 30, 230], false);
  await draw(join(pictures, 'neither.png'), 9999, [30, 230, 30], true);
  expect(await run('new', project)).toMatchObject({ code: 0 });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('takes subfolders for classes, and refuses conditioning where there are none', async () => {
  const refused = await run('train', project, '--conditional', '--steps', '1');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('The pictures have no two classes');
  const imported = await run('import', project, pictures, '--size', '16', '--channels', '3', '--json');
  expect(imported.code).toBe(0);
  expect(jsonOf(imported)).toMatchObject({
    images: 2 * EACH + 1,
    classes: [
      { name: 'blue squares', pictures: EACH },
      { name: 'red discs', pictures: EACH },
    ],
  });
});

it('trains on them, and draws what is asked for', async () => {
  const trained = await run('train', project, '--conditional', '--steps', '250', '--batch', '16', '--seed', '3');
  expect(trained.code).toBe(0);
  expect(trained.stderr).toContain('1 picture has no class and is left out of this run.');

  const grid = inFolder('grid.png');
  expect(await run('sample', project, '--per-class', '--count', '8', '--out', grid)).toMatchObject({ code: 0 });
  expect(await sharp(grid).metadata()).toMatchObject({ width: 8 * SIDE, height: 2 * SIDE });
  const row = (top: number) => sharp(grid).extract({ left: 0, top, width: 8 * SIDE, height: SIDE });
  const [blue, red] = [await redness(row(0)), await redness(row(SIDE))];
  // The pictures themselves have some 30 and −30.
  expect(red - blue).toBeGreaterThan(15);

  const singles = inFolder('singles');
  expect(await run('sample', project, '--class', 'red discs', '--count', '2', '--out-dir', singles)).toMatchObject({
    code: 0,
  });
  const first = sharp(grid).extract({ left: 0, top: SIDE, width: SIDE, height: SIDE });
  const [alone, inGrid] = [
    await sharp(join(singles, 'seed-000001.png')).raw().toBuffer(),
    await first.raw().toBuffer(),
  ];
  expect(alone).toHaveLength(inGrid.length);
  // Drawn in a batch of another size, a number may be rounded to the next byte.
  expect(Math.max(...alone.map((byte, index) => Math.abs(byte - (inGrid[index] ?? NaN))))).toBeLessThanOrEqual(1);
  const all = inFolder('all');
  expect(await run('sample', project, '--per-class', '--count', '1', '--out-dir', all)).toMatchObject({ code: 0 });
  expect(await readdir(all)).toEqual(['class-0000-seed-000001.png', 'class-0001-seed-000001.png']);

  const walk = inFolder('walk.webp');
  const ends = ['--from', '1', '--to', '1', '--class', '1', '--to-class', 'blue squares'];
  const walked = await run('interpolate', project, ...ends, '--frames', '3', '--scale', '1', '--out', walk);
  expect(walked).toMatchObject({ code: 0 });
  const frame = (page: number) => redness(sharp(walk, { page }));
  expect(await frame(0)).toBeGreaterThan((await frame(2)) + 5);
});

it('exports a model with an input for the class', async () => {
  const model = inFolder('generator.onnx');
  expect(await run('export', project, '--format', 'onnx', '--out', model)).toMatchObject({ code: 0 });
  const session = await InferenceSession.create(model);
  expect(session.inputNames).toEqual(['z', 'labels']);
  // The studio recipe, which an import proposes, has 64 latent numbers.
  const z = new Tensor('float32', new Float32Array(3 * 64).fill(0.1), [3, 64]);
  const labels = new Tensor('float32', Float32Array.of(1, 0, 0, 1, 0.5, 0.5), [3, 2]);
  const { pictures: drawn } = await session.run({ z, labels });
  expect(drawn?.dims).toEqual([3, SIDE, SIDE, 3]);
  const part = (index: number) =>
    (drawn?.data as Float32Array).slice(index * SIDE * SIDE * 3, (index + 1) * SIDE * SIDE * 3);
  expect(part(0)).not.toEqual(part(1));
  await session.release();
});

it('says which classes there are when another is asked for', async () => {
  const asked = await run('sample', project, '--class', 'green', '--count', '1', '--out', inFolder('x.png'));
  expect(asked.code).toBe(1);
  expect(asked.stderr).toBe(
    'This generator has no class “green”.\nIt has 2: blue squares, red discs. Their numbers begin at 0.\n',
  );
});

it('does not go on with another class than the run began with, and begins anew when asked', async () => {
  await drawClass('green discs', 5000, [30, 230, 30], true);
  expect(await run('import', project, pictures)).toMatchObject({ code: 0 });
  const refused = await run('train', project, '--steps', '1');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('The networks were made for 2 classes, the pictures have 3 (new: green discs).');
  expect(await run('train', project, '--conditional', '--fresh', '--steps', '1')).toMatchObject({ code: 0 });
  // The numbers that were given stay.
  const sampled = await run('sample', project, '--class', '2', '--count', '1', '--out', inFolder('green.png'));
  expect(sampled).toMatchObject({ code: 0 });

  expect(await run('train', project, '--unconditional', '--fresh', '--steps', '1')).toMatchObject({ code: 0 });
  const none = await run('sample', project, '--class', '0', '--count', '1', '--out', inFolder('y.png'));
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('This generator knows no classes.');
});
