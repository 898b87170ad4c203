import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ganvas, type Finished } from '../tools/commandLine';

/** What the Data room can do with a project's pictures, by `ganvas dataset`. */
const samples = fileURLToPath(new URL('../../resources/sample-set/pictures/', import.meta.url));
const SIZE = 32;
let folder: string;
let project: string;
const inFolder = (...parts: readonly string[]) => join(folder, ...parts);
const run = (...args: readonly string[]) => ganvas(inFolder('home'), ...args);

/** Two classes, `cats` with three pictures and one of them twice, smaller; `dogs` with three. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-'));
  project = inFolder('pets');
  const names = (await readdir(samples)).filter((name) => name.endsWith('.png'));
  // From all over the set: neighbours in it look alike.
  const chosen = Array.from({ length: 6 }, (_, place) => names[50 * place] ?? '');
  for (const [place, name] of chosen.entries()) {
    const of = inFolder('pictures', place < 3 ? 'cats' : 'dogs');
    await mkdir(of, { recursive: true });
    await copyFile(join(samples, name), join(of, `${place}.png`));
  }
  await sharp(inFolder('pictures/cats/0.png')).resize(48).png().toFile(inFolder('pictures/cats/small.png'));
  await run('new', project);
  const imported = await run('import', project, inFolder('pictures'), '--size', String(SIZE), '--channels', '3');
  expect(imported).toMatchObject({ code: 0, stderr: '' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A project of its own with the same pictures. */
async function copyOf(name: string) {
  await cp(project, inFolder(name), { recursive: true });
  await rm(inFolder(name, 'lock'), { force: true });
  return (...args: readonly string[]) => run('dataset', inFolder(name), ...args);
}

interface Listed {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly class: string;
  readonly marks: readonly string[];
}
const jsonOf = ({ stdout }: Finished) => JSON.parse(stdout);
const namesOf = (pictures: readonly Listed[]) => pictures.map(({ name }) => name.slice('pictures/'.length)).sort();
type Dataset = Awaited<ReturnType<typeof copyOf>>;
const list = async (dataset: Dataset, ...args: readonly string[]): Promise<Listed[]> =>
  jsonOf(await dataset('list', ...args, '--json')).pictures;
const listed = async (dataset: Dataset, ...args: readonly string[]) => namesOf(await list(dataset, ...args));
const pixelsOf = (file: string) => sharp(file).raw().toBuffer({ resolveWithObject: true });

describe('near duplicates', () => {
  it('are listed by groups, and one of a group is kept', async () => {
    const dataset = await copyOf('keep-one');
    const { groups, total } = jsonOf(await dataset('alike', '--json'));
    expect([groups.map(namesOf), total]).toEqual([[['cats/0.png', 'cats/small.png']], 1]);
    const [large] = groups[0] as readonly Listed[];
    const words = await dataset('alike', 'small*');
    expect(words.stdout).toContain(`${large?.index}  pictures/cats/0.png  64×64\n`);
    expect((await dataset('alike', '1.png')).stdout).toBe('none\n');
    expect(jsonOf(await dataset('keep-one', String(large?.index), '--json')).done).toBe('Excluded 1 picture');
    expect(await listed(dataset, '--view', 'excluded')).toEqual(['cats/small.png']);
    expect(jsonOf(await dataset('alike', '--json'))).toEqual({ groups: [], total: 0 });
  });

  it('leave the one that the user names, in place of the largest', async () => {
    const dataset = await copyOf('keep-named');
    expect((await dataset('keep-named')).code).toBe(1);
    expect((await dataset('keep-named', '1.png')).code).toBe(1);
    expect(jsonOf(await dataset('keep-named', 'small*', '--json')).done).toBe('Excluded 1 picture');
    expect(await listed(dataset, '--view', 'excluded')).toEqual(['cats/0.png']);
    expect(jsonOf(await dataset('alike', '--json'))).toEqual({ groups: [], total: 0 });
  });

  it('are all kept where they are meant to be alike', async () => {
    const dataset = await copyOf('keep-all');
    expect(jsonOf(await dataset('keep-all', '--json'))).toMatchObject({
      done: 'Kept 2 pictures',
      curation: { excluded: 0 },
    });
    expect((await dataset('alike')).stdout).toBe('none\n');
  });
});

describe('classes', () => {
  it('are given to pictures, and taken back to what the import found', async () => {
    const dataset = await copyOf('assign');
    const words = await dataset('assign', '0.png', '--class', 'tigers');
    expect(words).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('“tigers” to 1 picture') });
    expect(await listed(dataset, '--class', 'tigers')).toEqual(['cats/0.png']);
    const reset = jsonOf(await dataset('assign', '0.png', '--none', '--json'));
    expect(reset.done).toBe('Took back the class of 1 picture');
    expect((await list(dataset, '0.png'))[0]?.class).toBe('cats');
    expect(await dataset('assign', '0.png', '--none', '--class', 'dogs')).toMatchObject({ code: 1 });
  });

  it('are given to pictures that have none', async () => {
    const own = inFolder('unclassed');
    await run('new', own);
    await run('import', own, inFolder('pictures/cats'), '--size', String(SIZE));
    const dataset = (...args: readonly string[]) => run('dataset', own, ...args);
    await dataset('assign', '0.png', '--class', 'lions');
    expect(await list(dataset, '--unclassed')).toHaveLength(3);
    const rest = jsonOf(await dataset('assign', '--unclassed', '--class', 'cats', '--json'));
    expect(rest.done).toBe('Gave the class “cats” to 3 pictures');
    expect(await list(dataset, '--unclassed')).toEqual([]);
  });

  it('are renamed, merged and weighed', async () => {
    const dataset = await copyOf('rename');
    const merged = await dataset('rename', '--class', 'dogs', '--to', 'cats', '--json');
    expect(jsonOf(merged).done).toBe('Renamed “dogs” to “cats”');
    expect(jsonOf(await dataset('stats', '--json')).classes).toEqual([{ name: 'cats', pictures: 7 }]);
    await dataset('undo');
    const weighed = jsonOf(await dataset('sampling', '--balanced', '--weight', 'cats=2', '--json'));
    expect(weighed.curation.sampling).toEqual({ balanced: true, weights: { cats: 2 } });
  });
});

describe('several patterns', () => {
  it('are one change', async () => {
    const dataset = await copyOf('patterns');
    expect(jsonOf(await dataset('exclude', 'small*', 'pictures/dogs/*', '--json')).done).toBe('Excluded 4 pictures');
    await dataset('undo');
    expect(await list(dataset, '--view', 'excluded')).toEqual([]);
    const mixed = await dataset('exclude', '3', 'small*');
    expect(mixed).toMatchObject({ code: 1, stderr: expect.stringContaining('one kind at a time') });
    const many = await dataset('exclude', ...Array.from({ length: 101 }, (_, number) => `${number}.png`));
    expect(many).toMatchObject({ code: 1, stderr: expect.stringContaining('at most 100 patterns') });
  });
});

describe('crops', () => {
  it('are previewed as training would see them, and taken back to what the import made', async () => {
    const dataset = await copyOf('crops');
    const [file, region] = [inFolder('preview.png'), '0,0,0.5,0.25'];
    const asked = ['0.png', '--crop', 'stretch', '--region', region];
    expect(jsonOf(await dataset('preview', ...asked, '--out', file, '--json'))).toMatchObject({
      file,
      name: 'pictures/cats/0.png',
      width: 64,
      height: 64,
      size: SIZE,
      fit: { crop: 'stretch', region: { left: 0, top: 0, width: 0.5, height: 0.25 } },
    });
    const before = inFolder('before');
    await dataset('export', '0.png', '--out', before);
    await dataset('crop', ...asked);
    const after = inFolder('after');
    const { pictures } = jsonOf(await dataset('export', '0.png', '--out', after, '--json'));
    expect(await pixelsOf(pictures[0].file)).toEqual(await pixelsOf(file));
    expect(jsonOf(await dataset('crop', '--reset', '--json')).done).toBe('Took back the crop of 1 picture');
    expect((await list(dataset, '0.png'))[0]?.marks).not.toContain('fitted');
    const now = inFolder('now.png');
    await dataset('preview', '0.png', '--out', now);
    expect(await pixelsOf(now)).toEqual(await pixelsOf(pictures[0].file.replace(after, before)));
    expect(await dataset('crop', '0.png', '--reset', '--crop', 'centre')).toMatchObject({ code: 1 });
  });

  it('are previewed one at a time, over no file that is there', async () => {
    const file = inFolder('mine.png');
    await writeFile(file, 'mine');
    const refused = await run('dataset', project, 'preview', '0.png', '--out', file);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    expect(await readFile(file, 'utf8')).toBe('mine');
    const forced = await run('dataset', project, 'preview', '0.png', '--size', '16', '--out', file, '--force');
    expect(forced.code).toBe(0);
    expect(await sharp(file).metadata()).toMatchObject({ format: 'png', width: 16 });
    const several = await run('dataset', project, 'preview', '*.png', '--out', inFolder('several.png'));
    expect(several).toMatchObject({ code: 1, stderr: expect.stringContaining('one at a time') });
  });
});

describe('augmentation', () => {
  it('is drawn, a row a picture', async () => {
    const file = inFolder('augmented.png');
    const own = inFolder('augment');
    const dataset = await copyOf('augment');
    await run('recipe', own, 'set', 'augmentation.cutout', '0.5');
    const args = ['augment', '1.png', '2.png', '--variants', '5', '--scale', '2', '--out', file] as const;
    const drawn = jsonOf(await dataset(...args, '--json'));
    expect(drawn).toMatchObject({ file, variants: 5, augmentation: { cutout: 0.5 } });
    expect(namesOf(drawn.pictures)).toEqual(['cats/1.png', 'cats/2.png']);
    const { data, info } = await pixelsOf(file);
    expect(info).toMatchObject({ width: 5 * SIZE * 2, height: 2 * SIZE * 2, channels: 3 });
    const again = await dataset(...args);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already exists') });
    await dataset(...args, '--seed', '7', '--force');
    expect((await pixelsOf(file)).data.equals(data)).toBe(false);
  });
});

describe('pictures that are held out', () => {
  it('are written as training sees them, for other programs, over no file that is there', async () => {
    const dataset = await copyOf('held-out');
    await dataset('split', '--held-out', '50', '--seed', '3');
    const held = await list(dataset, '--view', 'held-out');
    expect(held.length).toBeGreaterThan(0);
    const out = inFolder('held');
    const { pictures } = jsonOf(await dataset('export', '--view', 'held-out', '--out', out, '--json'));
    expect(pictures.map(({ id }: Listed) => id)).toEqual(held.map(({ id }) => id));
    expect((await readdir(out)).map((name) => join(out, name))).toEqual(
      pictures.map(({ file }: { file: string }) => file),
    );
    const pack = await readFile(inFolder('held-out/dataset', await shardName()));
    for (const { file, index } of pictures) {
      const { data, info } = await pixelsOf(file);
      expect(info).toMatchObject({ width: SIZE, height: SIZE, channels: 3 });
      expect(data.equals(pack.subarray(index * data.length, (index + 1) * data.length))).toBe(true);
    }
    const again = await dataset('export', '--view', 'held-out', '--out', out);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already exists') });
    expect((await dataset('export', '--view', 'excluded', '--out', out)).stderr).toContain('No picture');
  });
});

/** The pack's only shard. */
async function shardName(): Promise<string> {
  const [name, ...more] = (await readdir(join(project, 'dataset'))).filter((one) => /^pictures.*\.bin$/.test(one));
  if (name === undefined || more.length > 0) throw new Error('not one shard');
  return name;
}

describe('all pictures', () => {
  it('are cleared when that is said twice, and brought back', async () => {
    const dataset = await copyOf('cleared');
    const refused = await dataset('clear');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('all 7 pictures') });
    expect(await list(dataset)).toHaveLength(7);
    expect((await dataset('restore')).stderr).toContain('There are no cleared pictures to bring back.');
    expect(jsonOf(await dataset('clear', '--yes', '--json'))).toEqual({ cleared: 7 });
    expect((await dataset('clear', '--yes')).stderr).toContain('This project has no pictures yet.');
    expect(jsonOf(await dataset('restore', '--json'))).toEqual({ restored: 7 });
    expect(await list(dataset)).toHaveLength(7);
  });
});

describe('files that were moved', () => {
  it('are found again, and what waited for them is done', async () => {
    const [from, to] = [inFolder('soon moved'), inFolder('moved')];
    await cp(inFolder('pictures/dogs'), from, { recursive: true });
    const own = inFolder('relink');
    await run('new', own);
    await run('import', own, from, '--size', String(SIZE));
    expect((await run('dataset', own, 'check')).stdout).toBe('All files are as they were.\n');
    await rename(from, to);
    const astray = jsonOf(await run('dataset', own, 'check', '--json'));
    expect(astray).toMatchObject({
      count: 3,
      files: [{ problem: 'missing' }, { problem: 'missing' }, { problem: 'missing' }],
    });
    const lost = await run('dataset', own, 'crop', '3.png', '--crop', 'stretch', '--region', '0,0,0.5,0.5');
    expect(lost.stdout).toContain('1 picture could not be made anew');
    const relinked = await run('dataset', own, 'relink', to, '--json');
    expect(jsonOf(relinked)).toMatchObject({ found: 3, missing: { count: 0 } });
    const nowhere = await run('dataset', own, 'relink');
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('name the folders to look in') });
  });
});
