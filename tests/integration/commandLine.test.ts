import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport, GanReport, TrainingReport } from '#shared/contract/types';
import { loadNewestCheckpoint } from '../../src-main/store/checkpoints';
import { zipOf } from '../../src-main/store/testing/archives';
import { ganvas, startGanvas, type Finished } from '../tools/commandLine';

/** The whole job by the built command line, as a user and a script meet it. */
let folder: string;
let project: string;
const run = (...args: readonly string[]) => ganvas(join(folder, 'home'), ...args);
const inFolder = (...parts: readonly string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-'));
  project = inFolder('faces');
  expect(await run('new', project, '--preset', 'dcgan-32')).toMatchObject({ code: 0, stderr: '' });
  expect(await run('import', project, 'sample')).toMatchObject({ code: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const reportsOf = ({ stdout }: Finished): TrainingReport[] =>
  stdout.trim() === ''
    ? []
    : stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
const jsonOf = ({ stdout }: Finished) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

/** A project of its own with the same pictures, without runs. */
async function copyOfProject(name: string): Promise<string> {
  const copy = inFolder(name);
  await cp(project, copy, { recursive: true });
  await rm(join(copy, 'runs'), { recursive: true, force: true });
  await rm(join(copy, 'lock'), { force: true });
  return copy;
}

/** What a run's later steps depend on, as its newest checkpoint has it. */
async function newestState(path: string): Promise<unknown> {
  const { checkpoint } = await loadNewestCheckpoint(join(path, 'runs/0001'), { readOnly: true });
  if (!checkpoint) throw new Error('no checkpoint');
  const { state, seed, images } = checkpoint;
  return { state, seed, images };
}

describe('the recipe', () => {
  it('is read and changed by the path of a setting, and says what does not fit', async () => {
    const own = await copyOfProject('own-recipe');
    expect(await run('recipe', own, 'get', 'training.batchSize')).toMatchObject({ code: 0, stdout: '16\n' });
    expect(jsonOf(await run('recipe', own, 'set', 'optimizers.generator.kind', 'adamW', '--json'))).toMatchObject({
      path: 'optimizers.generator.kind',
      value: 'adamW',
      problems: [],
    });
    expect(jsonOf(await run('recipe', own, 'get', '--json')).value.optimizers.generator).toMatchObject({
      kind: 'adamW',
      weightDecay: 0.01,
    });
    const unknown = await run('recipe', own, 'set', 'training.batch', '8');
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('There is: batchSize, steps') as string });
    const tooMany = await run('recipe', own, 'set', 'training.microBatches', '99');
    expect(tooMany).toMatchObject({ code: 1, stderr: expect.stringContaining('training.microBatches') as string });
    const misfit = await run('recipe', own, 'set', 'generator.g1-dense.units', '7');
    expect(misfit).toMatchObject({ code: 0, stderr: expect.stringContaining('2048') as string });
  });

  it('gets and loses layers, moves and connects them, and becomes a VAE’s that can be trained', async () => {
    const own = await copyOfProject('own-layers');
    const added = jsonOf(await run('recipe', own, 'add', 'discriminator', 'dropout', '2', '--json'));
    expect(added).toMatchObject({ path: 'discriminator', problems: [] });
    const id = added.value[1].id as string;
    expect(added.value[1]).toEqual({ id, kind: 'dropout', settings: {} });
    const moved = await run('recipe', own, 'move', `discriminator.${id}`, '3');
    expect(moved).toMatchObject({ code: 0, stdout: expect.stringContaining(`\n3  ${id}  dropout\n`) as string });
    const before = moved.stdout.split(/\s+/)[1] ?? '';
    const connected = await run('recipe', own, 'connect', `discriminator.${id}`, before);
    expect(connected.stdout).toContain(`${id}  dropout  ← ${before}\n`);
    // What lay between is read by nobody now.
    expect(connected.stderr).toContain('No layer takes the output');
    expect((await run('recipe', own, 'remove', `discriminator.${id}`)).stderr).toBe('');
    const unsaid = await run('recipe', own, 'move', `discriminator.${before}`);
    expect(unsaid).toMatchObject({ code: 1, stderr: expect.stringContaining('its new number') as string });

    const vae = jsonOf(await run('recipe', own, 'set', 'model.kind', 'vae', '--json'));
    expect(vae).toMatchObject({ value: 'vae', problems: [] });
    expect(await run('recipe', own, 'set', 'optimizers.encoder.learningRate', '0.001')).toMatchObject({ code: 0 });
    expect((await run('recipe', own, 'get', 'optimizers.encoder.learningRate')).stdout).toBe('0.001\n');
    expect(await run('train', own, '--steps', '1', '--batch', '4')).toMatchObject({ code: 0 });
  });
});

describe('the cost', () => {
  it('is estimated: memory, and with --time what a step takes here and all of them', async () => {
    const { bytes, time } = jsonOf(
      await run('estimate', project, '--batch', '4', '--time', '--provider', 'cpu', '--json'),
    );
    expect(bytes).toBeGreaterThan(1e6);
    expect(time).toMatchObject({ provider: 'cpu', batchSize: 4 });
    expect(time.seconds).toBeCloseTo((time.steps * time.msPerStep) / 1000);
    const words = await run('estimate', project, '--batch', '4', '--time');
    expect(words.stdout).toMatch(/A step takes [\d.]+ ms on CPU.* pictures a second\. \d+ steps would take about/);
    expect((await run('estimate', project)).stdout).not.toMatch(/A step takes/);
  });
});

describe('from pictures to a model', () => {
  it('trains, draws, walks and exports', async () => {
    const trained = await run('train', project, '--steps', '4', '--batch', '8', '--seed', '3');
    expect(trained.code).toBe(0);
    const report = reportsOf(trained).at(-1) as GanReport | undefined;
    expect(report).toMatchObject({ step: 4, images: 32 });
    for (const key of ['lossD', 'lossG', 'dReal', 'dFake', 'msPerStep'] as const) {
      expect(report?.[key]).toEqual(expect.any(Number));
    }

    const grid = inFolder('grid.png');
    expect(await run('sample', project, '--count', '6', '--seed', '5', '--out', grid)).toMatchObject({ code: 0 });
    expect(await sharp(grid).metadata()).toMatchObject({ format: 'png', width: 96, height: 64 });
    const [keyword, text] = await textOf(grid);
    expect([keyword, JSON.parse(text)]).toEqual(['ganvas', { step: 4, seeds: [5, 6, 7, 8, 9, 10] }]);

    const singles = inFolder('singles');
    expect(await run('sample', project, '--count', '2', '--seed', '5', '--out-dir', singles)).toMatchObject({
      code: 0,
    });
    expect(await readdir(singles)).toEqual(['seed-000005.png', 'seed-000006.png']);
    const firstOfGrid = await sharp(grid).extract({ left: 0, top: 0, width: 32, height: 32 }).raw().toBuffer();
    expect(await sharp(join(singles, 'seed-000005.png')).raw().toBuffer()).toEqual(firstOfGrid);

    const walk = inFolder('walk.webp');
    const walked = await run(
      'interpolate',
      project,
      ...['--from', '5', '--to', '6', '--frames', '5', '--scale', '1', '--out', walk],
    );
    expect(walked).toMatchObject({ code: 0 });
    expect(await sharp(walk, { animated: true }).metadata()).toMatchObject({ format: 'webp', pages: 5, width: 32 });

    const model = inFolder('generator.onnx');
    expect(await run('export', project, '--format', 'onnx', '--out', model)).toMatchObject({ code: 0 });
    const session = await InferenceSession.create(model);
    const z = new Tensor('float32', new Float32Array(300).fill(0.5), [3, 100]);
    const { pictures } = await session.run({ z });
    expect(pictures?.dims).toEqual([3, 32, 32, 3]);
    const values = pictures?.data as Float32Array;
    expect(values.every((value) => value >= -1 && value <= 1)).toBe(true);
    await session.release();
  });

  it('names what it did not take, on the last line, whatever language the names are in', async () => {
    const pictures = inFolder('pictures');
    await mkdir(pictures);
    const plain = sharp({ create: { width: 40, height: 20, channels: 3, background: '#336699' } });
    // Rotated by its EXIF orientation: 20×40 as it is to be seen.
    await plain.clone().jpeg().withMetadata({ orientation: 6 }).toFile(join(pictures, 'turned.jpg'));
    await plain.clone().png().toFile(join(pictures, '写真.png'));
    await plain.clone().png({ compressionLevel: 1 }).toFile(join(pictures, 'cut.png'));
    await truncate(join(pictures, 'cut.png'), 60);
    await writeFile(join(pictures, 'notes.txt'), 'no picture');
    await writeFile(join(pictures, 'clip.mp4'), '\0\0\0\x1cftypisom\0\0\0\0isommp42');
    const other = inFolder('other');
    await run('new', other);
    const imported = await run('import', other, pictures, '--size', '16', '--channels', '3');
    expect(imported.code).toBe(0);
    const result = jsonOf(imported);
    expect(result).toMatchObject({ images: 2, size: 16, channels: 3 });
    expect(result.skipped.map(({ file, code }: { file: string; code: string }) => `${file} ${code}`).sort()).toEqual([
      'pictures/clip.mp4 video',
      'pictures/cut.png corrupt',
      'pictures/notes.txt not-a-picture',
    ]);
    expect(imported.stdout).toMatch(/^video: .*studio’s window.*ffmpeg/m);
    const alone = await run('import', other, join(pictures, 'clip.mp4'), '--json');
    expect(jsonOf(alone)).toMatchObject({ images: 2, added: 0, skipped: [{ file: 'clip.mp4', code: 'video' }] });
    expect(jsonOf(await run('import', other, pictures, '--json'))).toMatchObject({ images: 2, duplicates: 2 });
  });

  it('takes an archive, cropped and laid on a colour as it is told, and every second frame of an animation', async () => {
    const archive = inFolder('pictures.zip');
    const frames = await Promise.all(
      [10, 70, 130, 190].map((red) =>
        sharp({ create: { width: 24, height: 12, channels: 3, background: { r: red, g: 90, b: 200 } } })
          .png()
          .toBuffer(),
      ),
    );
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    await writeFile(archive, zipOf([{ name: 'moving.gif', bytes: animation }]));
    const other = inFolder('archived');
    await run('new', other);
    const ways = ['--size', '16', '--crop', 'letterbox', '--background', '#00FF00', '--every-frame', '2'];
    expect(jsonOf(await run('import', other, archive, ...ways, '--json'))).toMatchObject({
      images: 2,
      fit: { crop: 'letterbox', background: '#00ff00' },
      everyFrame: 2,
      report: { flags: { frame: 2 } },
    });
    const denser = await run('import', other, archive, '--every-frame', '1');
    expect(denser.stdout).toMatch(/^Animations taken before, with other frames \(other-frames\): 1\. .*clear/m);
    const otherwise = await run('import', other, archive, '--crop', 'stretch');
    expect(otherwise).toMatchObject({ code: 1, stderr: expect.stringContaining('letterbox, on #00ff00') });
    expect((await run('import', other, archive, '--background', 'green')).stderr).toContain('#808080');
  });
});

describe('what an import did', () => {
  it('is told later too, of each import, of all files, with what to do', async () => {
    const [pets, own] = [inFolder('pets'), inFolder('reported')];
    const picture = (red: number) =>
      sharp({ create: { width: 40, height: 20, channels: 3, background: { r: red, g: 90, b: 200 } } }).png();
    for (const folder of ['cats', 'dogs']) await mkdir(join(pets, folder), { recursive: true });
    await picture(10).toFile(join(pets, 'cats/1.png'));
    await picture(10).toFile(join(pets, 'dogs/1.png'));
    await picture(90).toFile(join(pets, 'dogs/2.png'));
    for (let note = 0; note < 30; note++) await writeFile(join(pets, `note ${note}.txt`), 'no picture');
    await writeFile(join(pets, '\x1b[2J.txt'), 'no picture');
    await run('new', own);
    const imported = await run('import', own, pets, '--size', '16');
    expect(imported.stdout).toMatch(/^In two classes at once \(class-conflict\): 1\. .*Choose its class/m);
    expect(imported.stdout.split('\n{')[0]).not.toContain('\x1b');
    const more = inFolder('more pets');
    await mkdir(more);
    await picture(170).toFile(join(more, 'c.png'));
    await run('import', own, more);
    expect(await run('import', own, join(pets, 'note 1.txt'))).toMatchObject({ code: 0 });

    const report = async (...args: readonly string[]) => {
      const done = await run('dataset', own, 'report', ...args, '--json');
      expect(done).toMatchObject({ code: 0, stderr: '' });
      expect(done.stdout.trim()).not.toContain('\n');
      return jsonOf(done);
    };
    expect(await report()).toMatchObject({ import: 3, skippedCount: 1, files: [{ file: 'note 1.txt' }] });
    const first = await report('--import', '1');
    expect(first).toMatchObject({
      outcome: 'done',
      from: ['pets'],
      added: 2,
      duplicates: 1,
      skippedCount: 31,
      byCode: { 'not-a-picture': 31, twice: 1, 'class-conflict': 1 },
    });
    expect(first.files).toHaveLength(32);
    const [duplicate] = first.files.filter(({ code }: { code: string }) => code === 'twice');
    expect(duplicate).toEqual({
      file: 'pets/dogs/1.png',
      code: 'twice',
      picture: { id: expect.stringMatching(/^[0-9a-f]{64}$/), name: 'pets/cats/1.png' },
      conflict: { code: 'class-conflict', kept: 'cats', found: 'dogs' },
    });
    // What it names can be left out.
    expect(jsonOf(await run('dataset', own, 'exclude', duplicate.picture.id, '--json')).done).toBe(
      'Excluded 1 picture',
    );
    const { imports } = await report('--all');
    expect(imports.map((one: { import: number; files: unknown[] }) => [one.import, one.files.length])).toEqual([
      [3, 1],
      [2, 0],
      [1, 32],
    ]);

    const words = await run('dataset', own, 'report', '--import', '1');
    expect(words.stdout).toContain('pets: 2 added, 1 there already, 31 skipped');
    expect(words.stdout).toContain('  … and 11 more (--json names them)');
    expect(words.stdout).toMatch(
      /pets\/dogs\/1\.png = pets\/cats\/1\.png \([0-9a-f]{12}\); its class is cats, not dogs/,
    );
    expect(words.stdout).not.toContain('\x1b');
    expect((await run('dataset', own, 'report', '--all')).stdout.trim().split('\n')).toHaveLength(3);
  });

  it('is kept of an import that failed as well', async () => {
    const [texts, own] = [inFolder('texts'), inFolder('no pictures')];
    await mkdir(texts);
    for (let note = 0; note < 5; note++) await writeFile(join(texts, `${note}.txt`), 'no picture');
    await run('new', own);
    expect((await run('dataset', own, 'report')).stderr).toContain('There is no report of import 1.');
    expect(await run('import', own, texts)).toMatchObject({ code: 1 });
    const report = jsonOf(await run('dataset', own, 'report', '--json'));
    expect(report).toMatchObject({ import: 1, outcome: 'failed', error: { code: 'dataset.no-pictures' } });
    expect(report.files).toHaveLength(5);
    expect((await run('dataset', own, 'report')).stdout).toMatch(/^Import 1, .* failed\. None of the 5 files/);
    expect(await run('dataset', own, 'report', '--all', '--import', '1')).toMatchObject({ code: 1 });
  });
});

describe('what is trained on', () => {
  it('is listed, excluded, held out, taken back; a run reads exactly the rest, and says when that changes', async () => {
    const copy = await copyOfProject('curated');
    const dataset = async (...args: readonly string[]) => {
      const done = await run('dataset', copy, ...args, '--json');
      expect(done).toMatchObject({ code: 0, stderr: '' });
      return jsonOf(done);
    };
    const { pictures: all } = await dataset('stats');
    const { pictures } = await dataset('list', 'animal-*', '--limit', '500');
    expect(pictures.length).toBeGreaterThan(20);
    const sides = (await dataset('list', '--limit', '9999')).pictures.map((one: { width: number; height: number }) =>
      Math.min(one.width, one.height),
    );
    const large = await dataset('list', '--min-side', '97', '--limit', '9999');
    expect(large.pictures).toHaveLength(sides.filter((side: number) => side > 96).length);
    const small = await dataset('exclude', '--max-side', '96');
    expect(small.curation.excluded).toBe(sides.length - large.pictures.length);
    await dataset('undo');
    await dataset('exclude', 'animal-*');
    await dataset('include', String(pictures[0].index));
    await dataset('exclude', pictures[1].id);
    expect((await dataset('undo')).done).toBe('Included 1 picture');
    expect((await dataset('redo')).curation.excluded).toBe(pictures.length - 1);
    const { curation } = await dataset('split', '--held-out', '10');
    expect(curation.trained + curation.heldOut).toBe(all - curation.excluded);
    expect((await dataset('list', '--view', 'held-out', '--limit', '999')).pictures).toHaveLength(curation.heldOut);

    expect((await run('train', copy, '--steps', '1', '--batch', '4')).code).toBe(0);
    const sessions = async () => JSON.parse(await readFile(join(copy, 'runs/0001/pictures.json'), 'utf8')).sessions;
    expect(await sessions()).toMatchObject([{ fromStep: 0, trained: curation.trained, excluded: curation.excluded }]);
    await dataset('include', 'animal-*');
    const resumed = await run('train', copy, '--steps', '1', '--batch', '4');
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain('no longer those that this run was trained on');
    expect(await sessions()).toMatchObject([{ fromStep: 0 }, { fromStep: 1, excluded: 0 }]);
  });

  it('is cropped anew from the files, and back', async () => {
    const copy = await copyOfProject('cropped');
    const before = await readFile(await shardOf(copy));
    const cropped = await run('dataset', copy, 'crop', '0', '--crop', 'stretch', '--region', '0,0,0.5,0.5');
    expect(cropped.stdout).toContain('Cropped 1 picture');
    const after = await readFile(await shardOf(copy));
    const each = 32 * 32 * 3;
    expect(after.subarray(0, each).equals(before.subarray(0, each))).toBe(false);
    expect(after.subarray(each).equals(before.subarray(each))).toBe(true);
    expect((await run('dataset', copy, 'undo')).code).toBe(0);
    expect((await readFile(await shardOf(copy))).equals(before)).toBe(true);
  });

  it('becomes smaller and grey as a whole, with its recipe, and back', async () => {
    const copy = await copyOfProject('grey');
    const before = await readFile(await shardOf(copy));
    const { pictures } = jsonOf(await run('dataset', copy, 'stats', '--json'));
    const grey = await run('dataset', copy, 'crop', '--size', '16', '--channels', '1', '--json');
    expect(grey).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(grey)).toMatchObject({ done: 'Made all pictures 16 × 16, grey', missing: { count: 0, files: [] } });
    expect(await readFile(await shardOf(copy))).toHaveLength(pictures * 16 * 16);
    expect((await run('dataset', copy, 'stats')).stdout).toContain(
      `${pictures} pictures, 16×16 in grey: ${pictures} trained on`,
    );
    expect((await run('recipe', copy, 'get', 'image.size')).stdout).toBe('16\n');
    const undone = await run('dataset', copy, 'undo');
    expect(undone.stdout).toContain('Undone: Made all pictures 16 × 16, grey');
    expect((await readFile(await shardOf(copy))).equals(before)).toBe(true);
  });

  it('keeps its size where a file is gone, and says which', async () => {
    const [copy, pictures] = [inFolder('gone'), inFolder('soon gone')];
    await mkdir(pictures);
    for (const name of ['a', 'b']) {
      await sharp({ create: { width: 40, height: 40, channels: 3, background: name === 'a' ? 'red' : 'blue' } })
        .png()
        .toFile(join(pictures, `${name}.png`));
    }
    await run('new', copy);
    await run('import', copy, pictures, '--size', '32');
    await rm(join(pictures, 'b.png'));
    const refused = await run('dataset', copy, 'crop', '--size', '64');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'one of them cannot be made anew: soon gone/b.png (its file is gone). Nothing was changed.',
    );
    expect(jsonOf(await run('dataset', copy, 'stats', '--json'))).toMatchObject({ size: 32, channels: 3 });
  });

  it.each<[string, readonly string[], string]>([
    ['a size for some pictures', ['crop', '3', '--size', '64'], 'all pictures have the same size and channels'],
    ['no pictures named', ['exclude'], 'name some, or give --view, --class'],
    ['a pattern that nothing matches', ['exclude', 'nothing-*'], 'No picture of the project is meant by that'],
    ['a weight that is none', ['sampling', '--weight', 'cats=much'], 'it is CLASS=NUMBER'],
    ['a class that nobody has', ['rename', '--class', 'cats', '--to', 'dogs'], 'No picture has the class'],
    ['nothing to undo', ['undo'], 'There is no change of the pictures to take back'],
  ])('is not changed by %s', async (_, args, words) => {
    const refused = await run('dataset', project, ...args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(words);
  });
});

/** The only shard of a project's pack. */
async function shardOf(path: string): Promise<string> {
  const names = (await readdir(join(path, 'dataset'))).filter(
    (name) => name.endsWith('.bin') && name.startsWith('pictures'),
  );
  expect(names).toHaveLength(1);
  return join(path, 'dataset', names[0] ?? '');
}

describe('a run that goes on', () => {
  it('equals one without a break, bit for bit: 6 steps against 3 + 3', async () => {
    const [whole, parts] = [await copyOfProject('whole'), await copyOfProject('parts')];
    const steps = (count: number) => ['--steps', String(count), '--batch', '8', '--seed', '11'];
    await run('train', whole, ...steps(6));
    await run('train', parts, ...steps(3));
    const half = await newestState(parts);
    const rest = await run('train', parts, '--steps', '3', '--batch', '8');
    expect(reportsOf(rest).at(-1)).toMatchObject({ step: 6, images: 48 });
    expect(await newestState(parts)).toEqual(await newestState(whole));
    expect(await newestState(parts)).not.toEqual(half);
  });

  it('stops at a checkpoint when interrupted, however often, with exit code 0', async () => {
    const own = await copyOfProject('interrupted');
    const { child, finished } = startGanvas(inFolder('home'), ['train', own, '--minutes', '5', '--batch', '8'], () =>
      child.kill('SIGINT'),
    );
    const { code, stderr, stdout } = await finished;
    expect(code).toBe(0);
    expect(stderr).toContain('Stopped at step');
    const { step } = reportsOf({ code, stderr, stdout }).at(-1) ?? {};
    expect(await readdir(join(own, 'runs/0001/checkpoints'))).toEqual([String(step)]);
    expect(await readdir(own)).not.toContain('lock');
  });

  it('stops at a checkpoint when nobody reads its reports any more', async () => {
    const own = await copyOfProject('unread');
    const { child, finished } = startGanvas(inFolder('home'), ['train', own, '--minutes', '5', '--batch', '8'], () =>
      child.stdout?.destroy(),
    );
    expect(await finished).toMatchObject({ code: 0 });
    expect(await readdir(join(own, 'runs/0001/checkpoints'))).toHaveLength(1);
  });

  it('survives kill -9: the next start goes on from the checkpoint', async () => {
    const own = await copyOfProject('killed');
    await run('train', own, '--steps', '2', '--batch', '8');
    const { child, finished } = startGanvas(inFolder('home'), ['train', own, '--minutes', '5', '--batch', '8'], () =>
      child.kill('SIGKILL'),
    );
    await finished;
    expect(await readdir(own)).toContain('lock');
    const resumed = await run('train', own, '--steps', '1', '--batch', '8');
    expect(resumed).toMatchObject({ code: 0 });
    expect(reportsOf(resumed).at(-1)).toMatchObject({ step: 3 });
    const log = (await readFile(join(own, 'runs/0001/metrics.jsonl'), 'utf8')).trim().split('\n');
    expect(log.map((line) => JSON.parse(line).step)).toEqual([2, 3]);
  });

  it('passes over a damaged checkpoint, says so, and uses the one before it', async () => {
    const own = await copyOfProject('damaged');
    await run('train', own, '--steps', '1', '--batch', '8');
    await run('train', own, '--steps', '1', '--batch', '8');
    await truncate(join(own, 'runs/0001/checkpoints/2/state.safetensors'), 1000);
    const resumed = await run('train', own, '--steps', '1', '--batch', '8');
    expect(resumed.stderr).toContain('checkpoint of step 2 is damaged');
    expect(reportsOf(resumed).at(-1)).toMatchObject({ step: 2 });
  });

  it('begins anew with --fresh, and refuses what no longer fits', async () => {
    const own = await copyOfProject('anew');
    await run('train', own, '--steps', '1', '--batch', '8', '--seed', '1');
    await run('train', own, '--fresh', '--steps', '1', '--batch', '8', '--seed', '2');
    expect((await readdir(join(own, 'runs'))).sort()).toEqual(['0001', '0002']);
    const recipe = JSON.parse(await readFile(join(own, 'recipe.json'), 'utf8'));
    recipe.generator[0].settings.initialDeviation = 0.05;
    await writeFile(join(own, 'recipe.json'), JSON.stringify(recipe));
    const refused = await run('train', own, '--steps', '1', '--batch', '8');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('--fresh');
  });
});

describe('errors of the user', () => {
  it.each<[string, () => readonly string[], string]>([
    ['a project that is not there', () => ['train', inFolder('nowhere')], 'no Ganvas project'],
    ['a folder that is in use', () => ['new', project], 'not empty'],
    ['an unknown preset', () => ['new', inFolder('x'), '--preset', 'biggan'], 'no preset “biggan”'],
    ['a source that is not there', () => ['import', project, inFolder('nothing')], 'does not exist'],
    [
      'a file that is there already',
      () => ['sample', project, '--out', join(project, 'project.json')],
      'already exists',
    ],
    ['a name that promises another format', () => ['sample', project, '--out', inFolder('grid.jpg')], '.png file'],
    ['no place for the pictures', () => ['sample', project], '--out'],
    ['a number that is none', () => ['train', project, '--steps', 'many'], '--steps'],
    ['two budgets at once', () => ['train', project, '--steps', '1', '--minutes', '1'], '--minutes'],
    ['an unknown command', () => ['trian', project], 'train'],
    ['a missing argument', () => ['train'], 'project'],
    ['pictures of a size that does not fit', () => ['import', project, 'sample', '--size', '64'], '32×32'],
    ['more pictures a step than there are', () => ['train', project, '--steps', '1', '--batch', '1000'], 'fewer than'],
    [
      'seeds beyond exact numbers',
      () => ['sample', project, '--seed', String(Number.MAX_SAFE_INTEGER), '--out', 'x.png'],
      'whole number',
    ],
  ])('%s: a line or two, exit code 1', async (_what, args, words) => {
    const { code, stderr, stdout } = await run(...args());
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
  });

  it('a port that is taken, said in plain words', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await run('serve', '--no-open', '--port', String(port));
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`--port cannot be ${port}: another program uses it.`);
  });

  it('a project without pictures, and one without a generator', async () => {
    const empty = inFolder('empty');
    await run('new', empty);
    expect((await run('train', empty)).stderr).toContain('no pictures yet');
    expect((await run('sample', empty, '--out', inFolder('none.png'))).stderr).toContain('no trained generator');
    await expect(stat(inFolder('none.png'))).rejects.toThrow();
  });
});

describe('the machine', () => {
  it('is examined: the CPU is right by a real step, and what is not there says why', async () => {
    const examined = await run('doctor', '--json');
    expect(examined.code).toBe(0);
    const { findings, cores } = jsonOf(examined) as DoctorReport;
    expect(cores).toBeGreaterThan(0);
    const compiled = findings.find(({ engine, provider }) => engine === 'compiled' && provider === 'cpu');
    expect(compiled).toMatchObject({ status: 'right', msPerStep: expect.any(Number) });
    expect(compiled?.difference).toBeLessThan(1e-4);
    for (const { status, problem } of findings) if (status === 'unavailable') expect(problem).toBeTruthy();
    // A step of TensorFlow.js's own JavaScript takes many seconds on a busy machine.
  }, 180_000);

  it('serves the studio, says where, and ends at Ctrl-C', async () => {
    const { child, finished } = startGanvas(inFolder('home'), ['serve', '--no-open', '--json'], (stdout) => {
      if (stdout.includes('\n')) child.kill('SIGINT');
    });
    const served = await finished;
    expect(served).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(served).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  });
});

describe('engines', () => {
  it('are listed; nothing is added without a yes, and the error says what to do', async () => {
    expect(jsonOf(await run('engines', '--json'))).toMatchObject({
      engines: [{ id: 'tfjs-node-gpu' }, { id: 'tfjs-node' }],
    });
    const { code, stderr } = await run('engines', 'add', 'tfjs-node');
    expect(code).toBe(1);
    expect(stderr).toMatch(/Add --yes to go ahead|install it by hand/);
    expect(await run('engines', 'add')).toMatchObject({ code: 1, stderr: expect.stringContaining('name one of') });
    expect(await run('engines', 'remove', 'tfjs-node', '--yes')).toMatchObject({ code: 1 });
    await expect(readdir(inFolder('home', 'engines'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that are damaged are named by a run that would use them, which a broken library does not take down', async () => {
    const home = inFolder('damaged');
    const library = join(home, 'engines/tfjs-node-gpu/node_modules/@tensorflow/tfjs-node-gpu');
    await mkdir(join(library, 'lib/napi-v8'), { recursive: true });
    await writeFile(join(library, 'package.json'), '{"version": "4.22.0"}');
    await writeFile(join(library, 'lib/napi-v8/tfjs_binding.node'), 'no library');
    const own = await copyOfProject('eager');
    const { code, stderr } = await ganvas(home, 'train', own, '--engine', 'eager', '--steps', '1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/“eager” with “cuda” cannot run here: tfjs-node-gpu does not load/);
  });
});

describe('help', () => {
  it.each(['doctor', 'new', 'import', 'dataset', 'train', 'sample', 'interpolate', 'export', 'engines', 'serve'])(
    '%s --help tells of --json',
    async (command) => {
      const { code, stdout } = await run(command, '--help');
      expect(code).toBe(0);
      expect(stdout).toContain('--json');
    },
  );

  it('has a version', async () => {
    expect((await run('-V')).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

/** Keyword and text of a PNG's own iTXt chunk (not compressed, no language). */
async function textOf(file: string): Promise<[string, string]> {
  const bytes = await readFile(file);
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
    const data = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    const keyword = data.toString('latin1', 0, data.indexOf(0));
    if (bytes.toString('latin1', at + 4, at + 8) === 'iTXt' && keyword === 'ganvas') {
      return [keyword, data.toString('utf8', keyword.length + 5)];
    }
  }
  throw new Error('no text');
}
