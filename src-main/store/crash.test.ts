import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { uniform } from '#shared/math/random';
import { loadNewestCheckpoint } from './checkpoints';
import { readDatasetSummary } from './dataset/manifest';
import { openPack } from './dataset/pack';
import { bundle } from './testing/bundle';
import { colourful } from './testing/pictures';
import { temporaryFolder } from './testing/temporaryFolder';

const KILLS = 12;

function start(program: URL, ...parameters: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, [fileURLToPath(program), ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Lets a child run until a moment after its `line`-th line, kills it, and returns the whole lines that it said. */
async function kill(
  child: ChildProcessByStdio<null, Readable, null>,
  line: number,
  afterMs: number,
): Promise<readonly string[]> {
  let said = '';
  const lines = () => said.split('\n').slice(0, -1);
  await new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (lines().length >= line) resolve();
    });
    child.stdout.once('end', resolve);
  });
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return lines();
}

test(`killed at ${KILLS} random moments, a run always has a whole checkpoint: the last that was reported, or the next`, async () => {
  const program = await bundle('src-main/store/testing/saveForever.ts', 'crash-checkpoints');
  const run = await temporaryFolder();
  let next = 0;
  for (let killed = 0; killed < KILLS; killed++) {
    const reported = Number((await kill(start(program, run, String(next)), 1, 60 * uniform(1, 1, killed))).at(-1));
    const { checkpoint, setAside } = await loadNewestCheckpoint(run);
    expect(setAside).toEqual([]);
    const step = checkpoint?.state.step ?? -1;
    expect([reported, reported + 1]).toContain(step);
    for (const network of [checkpoint?.state.generator, checkpoint?.state.discriminator]) {
      for (const vector of [network?.weights, network?.firstMoment, network?.secondMoment, network?.running]) {
        expect(vector?.every((value) => value === step)).toBe(true);
      }
    }
    next = step + 1;
  }
});

test(`killed at ${KILLS} random moments, an import leaves the old pack or the new one, and the next import makes it whole`, async () => {
  const program = await bundle('src-main/store/testing/importOnce.ts', 'crash-import');
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
  await mkdir(folder);
  await mkdir(dir);
  let present = 0;
  const outcomes = new Set<string>();
  for (let killed = 0; killed < KILLS; killed++) {
    for (let seed = 0; seed < 20; seed++) {
      const picture = await colourful(killed * 20 + seed, 96, 96)
        .png()
        .toBuffer();
      await writeFile(join(folder, `${String(killed * 20 + seed).padStart(4, '0')}.png`), picture);
    }
    // Its lines: finding, one a file, saving, done. Every third kill comes late, where the new pack takes the old one's place or just has.
    const files = (killed + 1) * 20;
    const late = killed % 6 === 0 ? files + 3 : files + 2;
    const line = killed % 3 === 0 ? late : Math.ceil(files * uniform(2, 1, killed));
    const lines = await kill(start(program, dir, folder), line, 30 * uniform(3, 1, killed));
    const images = (await readDatasetSummary({ dir }))?.images ?? 0;
    // Earlier pictures that a kill kept out come with the next import that lives.
    expect([present, files]).toContain(images);
    if (lines.includes('done')) expect(images).toBe(files);
    if (images > 0) {
      const pack = await openPack({ dir });
      expect((await pack.pictures(0, pack.count)).pixels).toHaveLength(images * 64 * 64 * 3);
      await pack.close();
    }
    outcomes.add(images === files ? 'new' : 'old');
    present = images;
  }
  // The kills did come both before and after the new pack was there.
  expect([...outcomes].toSorted()).toEqual(['new', 'old']);
  const child = start(program, dir, folder);
  child.stdout.resume();
  expect(await once(child, 'close')).toEqual([0, null]);
  expect((await readDatasetSummary({ dir }))?.images).toBe(KILLS * 20);
  // Nothing is left of the imports that were killed.
  const [manifest, shard, records, ...others] = (await readdir(join(dir, 'dataset'))).toSorted();
  expect([manifest, shard, records]).toEqual([
    'manifest.json',
    expect.stringMatching(/^pictures-\d+\.bin$/),
    expect.stringMatching(/^pictures-\d+\.records$/),
  ]);
  expect(others).toEqual([]);
});
