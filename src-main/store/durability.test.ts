import type * as FileSystem from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { writeFileAtomic } from './atomic';
import { saveCheckpoint } from './checkpoints';
import { importPictures } from './dataset/import';
import { colourful } from './testing/pictures';
import { temporaryFolder } from './testing/temporaryFolder';

/**
 * What a power cut can take away cannot be seen by killing a process: the system still has every write. So here the calls are recorded,
 * and the order that makes them durable is checked: content synced, then renamed, then the folder synced.
 */
interface Call {
  readonly what: 'write' | 'sync' | 'rename';
  readonly path: string;
  /** Of a rename: the new name. */
  readonly to?: string;
}
const calls = vi.hoisted((): Call[] => []);

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof FileSystem>();
  const open: typeof fs.open = async (path, ...rest) => {
    const file = await fs.open(path, ...rest);
    const { sync, writeFile, appendFile } = file;
    file.sync = () => {
      calls.push({ what: 'sync', path: String(path) });
      return sync.call(file);
    };
    file.writeFile = (...content) => {
      calls.push({ what: 'write', path: String(path) });
      return writeFile.apply(file, content);
    };
    file.appendFile = (...content) => {
      calls.push({ what: 'write', path: String(path) });
      return appendFile.apply(file, content);
    };
    return file;
  };
  const rename: typeof fs.rename = (from, to) => {
    calls.push({ what: 'rename', path: String(from), to: String(to) });
    return fs.rename(from, to);
  };
  return { ...fs, open, rename };
});

beforeEach(() => {
  calls.length = 0;
});

/** For each rename: everything written under its old name was synced before it, and the folder it came into was synced after it. */
function expectDurable(): void {
  const renames = calls.flatMap((call, index) => (call.what === 'rename' ? [{ ...call, index }] : []));
  expect(renames.length).toBeGreaterThan(0);
  for (const { path, to, index } of renames) {
    const moved = (call: Call) => call.path === path || dirname(call.path) === path;
    const written = calls.flatMap((call, at) =>
      at < index && call.what === 'write' && moved(call) ? [{ ...call, at }] : [],
    );
    expect(written.length).toBeGreaterThan(0);
    for (const write of written) {
      const synced = calls.findIndex((call, at) => at > write.at && call.what === 'sync' && call.path === write.path);
      expect(synced, `${basename(write.path)} is synced before it is renamed`).toBeGreaterThan(write.at);
      expect(synced).toBeLessThan(index);
    }
    const folder = dirname(to ?? '');
    const after = calls.findIndex((call, at) => at > index && call.what === 'sync' && call.path === folder);
    expect(after, `${basename(folder)} is synced after ${basename(to ?? '')} came into it`).toBeGreaterThan(index);
  }
}

test('a file is on the disk before it takes the old one’s place', async () => {
  await writeFileAtomic(join(await temporaryFolder(), 'a'), 'content');
  expectDurable();
});

test('a checkpoint’s files and folder are on the disk before it takes its name', async () => {
  const run = await temporaryFolder();
  const vector = Float32Array.of(1, 2, 3);
  const network = { weights: vector, firstMoment: vector, secondMoment: vector, running: vector };
  const state = { generator: network, discriminator: network, step: 4 };
  await saveCheckpoint(run, { state, seed: 1, images: 1, seconds: 1, datasetHash: '' });
  expectDurable();
  const renamed = calls.findIndex(({ what, to }) => what === 'rename' && to === join(run, 'checkpoints/4'));
  const temporary = calls[renamed]?.path;
  // Its own entries too: a folder without them would be an empty checkpoint.
  expect(calls.slice(0, renamed)).toContainEqual({ what: 'sync', path: temporary });
});

test('a pack’s pictures are on the disk before its manifest names them', async () => {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
  await mkdir(folder);
  await mkdir(dir);
  await colourful(1).png().toFile(join(folder, '1.png'));
  await importPictures({ dir }, [{ kind: 'path', path: folder }], { size: 16, channels: 3 });
  expectDurable();
  const dataset = join(dir, 'dataset');
  const named = calls.findIndex(({ what, to }) => what === 'rename' && to === join(dataset, 'manifest.json'));
  const before = calls.slice(0, named);
  const shard = join(dataset, 'pictures-00001.bin');
  const at = (what: Call['what'], path: string) =>
    before.findLastIndex((call) => call.what === what && call.path === path);
  expect(at('write', shard)).toBeGreaterThanOrEqual(0);
  expect(at('sync', shard)).toBeGreaterThan(at('write', shard));
  expect(at('sync', dataset)).toBeGreaterThan(at('sync', shard));
});
