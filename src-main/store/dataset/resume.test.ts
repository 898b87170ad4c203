import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fail, GanvasError } from '#shared/contract/errors';
import { inThread } from '../decode/pictureWorkers';
import { bundle } from '../testing/bundle';
import { colourful } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { importPictures } from './import';
import { readDatasetSummary } from './manifest';
import { readUnfinishedImport } from './unfinished';

const FILES = 420;

async function workplace(files: number) {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
  await mkdir(dir);
  await mkdir(folder);
  await addPictures(folder, 0, files);
  return { root, project: { dir }, folder, from: [{ kind: 'path', path: folder }] as const };
}

async function addPictures(folder: string, from: number, count: number): Promise<void> {
  for (let seed = from; seed < from + count; seed++) {
    const bytes = await colourful(seed, 40, 30).png().toBuffer();
    await writeFile(join(folder, `${String(seed).padStart(4, '0')}.png`), bytes);
  }
}

/** An import that counts what it decodes and reads. */
async function counted(project: { dir: string }, from: Parameters<typeof importPictures>[1], size = 64) {
  let decoded = 0;
  const { summary } = await importPictures(project, from, { size, channels: 3 }, () => {
    const workers = inThread();
    return { ...workers, decodeFile: (...asked) => ((decoded += 1), workers.decodeFile(...asked)) };
  });
  return { decoded, summary };
}

/** All of a pack's files but the manifest, and what the manifest says but when. */
async function packOf({ dir }: { dir: string }): Promise<Record<string, unknown>> {
  const pack = join(dir, 'dataset');
  const files: Record<string, unknown> = {};
  for (const name of await readdir(pack)) files[name] = (await readFile(join(pack, name))).toString('base64');
  const manifest = JSON.parse(await readFile(join(pack, 'manifest.json'), 'utf8'));
  return { ...files, 'manifest.json': { ...manifest, lastImport: { ...manifest.lastImport, at: '' } } };
}

test('killed in the midst and begun again, an import decodes only the rest, and the pack is the same byte for byte', async () => {
  const program = fileURLToPath(await bundle('src-main/store/testing/importOnce.ts', 'resume'));
  const { root, project, folder, from } = await workplace(FILES);
  // A copy of an earlier picture, a damaged one and an animation come in on either side of the cut.
  await copyFile(join(folder, '0001.png'), join(folder, '0001 again.png'));
  await copyFile(join(folder, '0001.png'), join(folder, '0410 again.png'));
  await writeFile(join(folder, '0002 cut.png'), (await readFile(join(folder, '0002.png'))).subarray(0, 99));
  // By its own hand: from outside, a fast import may be done before it is killed.
  const child = spawn(process.execPath, [program, project.dir, folder, String(FILES - 20)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  expect(await readDatasetSummary(project)).toBeUndefined();
  const resumed = await counted(project, from);
  const whole = { dir: join(root, 'whole') };
  await mkdir(whole.dir);
  const uninterrupted = await counted(whole, from);
  // A chunk of 4 MiB holds 341 of these pictures: so many were kept. The damaged one is tried again; that two are copies is seen by what they decode to.
  expect(uninterrupted.decoded).toBe(FILES + 3);
  expect(resumed.decoded).toBeLessThan(FILES - 335);
  expect(resumed.decoded).toBeGreaterThan(0);
  expect(resumed.summary).toEqual({ ...uninterrupted.summary, importedAt: resumed.summary.importedAt });
  expect(resumed.summary).toMatchObject({ added: FILES, duplicates: 2, skippedCount: 1 });
  expect(await packOf(project)).toEqual(await packOf(whole));
}, 120_000);

/** Pictures of a drop, in a folder of that name of their own: what a page uploads anew each time. */
async function staged(root: string, place: string, from: number, count: number) {
  const path = join(root, place, 'drop');
  await mkdir(path, { recursive: true });
  await addPictures(path, from, count);
  return [{ kind: 'path', path, adopt: true }] as const;
}

test('a drop whose import was killed goes on when it is dropped again, and nothing of the first one stays', async () => {
  const program = fileURLToPath(await bundle('src-main/store/testing/importOnce.ts', 'resume-adopted'));
  const { root, project } = await workplace(0);
  const originals = join(project.dir, 'dataset/originals');
  const killed = async (place: string) => {
    const [{ path }] = await staged(root, place, 0, FILES);
    const given = [program, project.dir, path, String(FILES - 20), 'adopt'];
    const child = spawn(process.execPath, given, { stdio: ['ignore', 'ignore', 'inherit'] });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    return readdir(originals);
  };
  const [first] = await killed('first');
  expect(await readUnfinishedImport(project)).toEqual({ sources: ['drop'], count: 1 });
  const resumed = await counted(project, await staged(root, 'second', 0, FILES));
  expect(resumed.decoded).toBeLessThan(FILES - 335);
  expect(resumed.summary).toMatchObject({ images: FILES, added: FILES, duplicates: 0 });
  expect(await readUnfinishedImport(project)).toBeUndefined();
  const [kept = '', ...others] = await readdir(originals);
  expect([kept === first, others]).toEqual([false, []]);
  expect(await readdir(join(originals, kept, 'drop'))).toHaveLength(FILES);
  // Of another drop under the same name nothing is taken over, and its import clears away what the killed one left.
  await rm(join(project.dir, 'dataset'), { recursive: true });
  await killed('third');
  const other = await counted(project, await staged(root, 'fourth', 1000, 2));
  expect(other).toMatchObject({ decoded: 2, summary: { images: 2, added: 2 } });
  expect(await readdir(originals)).toHaveLength(1);
}, 120_000);

describe('an import that ends amid its files', () => {
  /** Ends it shortly before its end; `signal` and `decodeFile` by which it does. */
  async function ended(how: (controller: AbortController) => void) {
    const { project, from } = await workplace(FILES);
    const controller = new AbortController();
    let decoded = 0;
    const importing = importPictures(project, from, { size: 64, channels: 3, signal: controller.signal }, () => {
      const workers = inThread();
      const decodeFile: typeof workers.decodeFile = async (...asked) => {
        if (++decoded === FILES - 10) how(controller);
        return workers.decodeFile(...asked);
      };
      return { ...workers, decodeFile };
    });
    await expect(importing).rejects.toThrow();
    expect(await readDatasetSummary(project)).toBeUndefined();
    const unfinished = await readUnfinishedImport(project);
    const left = await readdir(join(project.dir, 'dataset'));
    return { ...(await counted(project, from)), unfinished, left, folder: from[0].path };
  }

  test.each([
    ['the program closes', (controller: AbortController) => controller.abort(new GanvasError('program.closing'))],
    ['the disk is full', () => fail('disk.full', { file: 'pictures-00001.bin' })],
  ])('goes on where it was when %s', async (_, how) => {
    const { decoded, summary, unfinished, folder } = await ended(how);
    expect(unfinished).toEqual({ sources: [folder], count: 1 });
    expect(decoded).toBeLessThan(FILES - 335);
    expect(summary).toMatchObject({ images: FILES, added: FILES, duplicates: 0, skippedCount: 0 });
  });

  test('leaves nothing when its user cancels it', async () => {
    const { decoded, unfinished, left } = await ended((controller) => controller.abort());
    expect([decoded, unfinished, left]).toEqual([FILES, undefined, []]);
  });
});

test('files that were not changed are not even read', async () => {
  const { project, folder, from } = await workplace(5);
  await counted(project, from, 16);
  // The same size and time, and other bytes: only who reads it would notice.
  const path = join(folder, '0000.png');
  const time = new Date(1.7e12);
  await utimes(path, time, time);
  await counted(project, from, 16);
  const size = (await readFile(path)).length;
  await writeFile(path, Buffer.alloc(size, 7));
  await utimes(path, time, time);
  const known = await counted(project, from, 16);
  expect(known.summary).toMatchObject({ images: 5, added: 0, skippedCount: 1 });
  await addPictures(folder, 5, 2);
  const again = await counted(project, from, 16);
  expect(again).toMatchObject({ decoded: 3, summary: { images: 7, added: 2, skippedCount: 1 } });
});

test('what another import left is not taken over', async () => {
  const { project, from, folder } = await workplace(3);
  const dataset = join(project.dir, 'dataset');
  await counted(project, from, 16);
  await writeFile(join(dataset, 'unfinished'), 'f'.repeat(64));
  await copyFile(join(dataset, 'pictures-00001.bin'), join(dataset, 'pictures-00002.bin'));
  await copyFile(join(dataset, 'pictures-00001.records'), join(dataset, 'pictures-00002.records'));
  await addPictures(folder, 3, 1);
  expect(await counted(project, from, 16)).toMatchObject({ decoded: 1, summary: { images: 4, added: 1 } });
});

test('files that the program may keep are moved beside the pack, and go with it', async () => {
  const { root, project, folder } = await workplace(2);
  const staged = join(root, 'staged');
  await rename(folder, staged);
  const { summary } = await importPictures(project, [{ kind: 'path', path: staged, adopt: true }], {
    size: 16,
    channels: 3,
  });
  expect(summary.images).toBe(2);
  const originals = join(project.dir, 'dataset/originals');
  const [id = ''] = await readdir(originals);
  expect((await readdir(join(originals, id, 'staged'))).toSorted()).toEqual(['0000.png', '0001.png']);
  const manifest = JSON.parse(await readFile(join(project.dir, 'dataset/manifest.json'), 'utf8'));
  expect(manifest.sources).toEqual([{ kind: 'folder', path: join('originals', id, 'staged') }]);
  // The same pictures once more: nothing came from there, so nothing of it stays.
  await mkdir(staged);
  await addPictures(staged, 0, 2);
  await importPictures(project, [{ kind: 'path', path: staged, adopt: true }]);
  expect(await readdir(originals)).toEqual([id]);
});
