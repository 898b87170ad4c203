import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toErrorData } from '#shared/contract/errors';
import { writeFileAtomic } from '../atomic';
import { loadNewestCheckpoint, saveCheckpoint, type Checkpoint } from '../checkpoints';
import { importPictures } from '../dataset/import';
import { readDatasetSummary } from '../dataset/manifest';
import { inThread } from '../decode/pictureWorkers';
import { openMetrics, readMetrics } from '../metrics';

/** A child process of the full-disk test: in a folder on a small disk of its own, writes before, while and after that disk is full. Reports as JSON. */
const [disk, pictures] = process.argv.slice(2);
if (disk === undefined || pictures === undefined) throw new Error('usage: fillDisk FOLDER PICTURES');
const from = [{ kind: 'path', path: pictures }] as const;

function checkpoint(step: number): Checkpoint {
  const vector = new Float32Array(20_000).fill(step);
  const network = { weights: vector, firstMoment: vector, secondMoment: vector, running: vector };
  return {
    state: { generator: network, discriminator: network, step },
    seed: 1,
    images: 1,
    seconds: 1,
    datasetHash: '',
  };
}
const report = (step: number) => {
  const rest = { lossD: 1, lossG: 1, dReal: 1, dFake: 1, msPerStep: 1, imagesPerSecond: 1, seconds: 1 };
  return { step, images: step, ...rest };
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'written',
    (error: unknown) => toErrorData(error).code,
  );

/** Takes all that is left, block by block. */
async function fill(path: string): Promise<void> {
  await writeFile(path, '');
  for (;;) {
    try {
      await appendFile(path, Buffer.alloc(4096));
    } catch {
      return;
    }
  }
}

const note = join(disk, 'note.txt');
await writeFileAtomic(note, 'old');
await saveCheckpoint(disk, checkpoint(1));
const metrics = await openMetrics(disk, 0);
await metrics.append(report(1));
await importPictures({ dir: disk }, from, { size: 16, channels: 3 }, inThread);
const before = await readDatasetSummary({ dir: disk });
const entries = (await readdir(disk, { recursive: true })).toSorted();

const filler = join(disk, 'filler');
await fill(filler);
const full = {
  note: await codeOf(writeFileAtomic(note, 'new'.repeat(10_000))),
  checkpoint: await codeOf(saveCheckpoint(disk, checkpoint(2))),
  import: await codeOf(importPictures({ dir: disk }, [{ kind: 'path', path: join(pictures, 'more') }], {}, inThread)),
  metrics: 'written',
};
let step = 1;
// The last block has room for some lines.
while (full.metrics === 'written' && step < 1000) full.metrics = await codeOf(metrics.append(report(++step)));
const left = {
  note: await readFile(note, 'utf8'),
  checkpoint: (await loadNewestCheckpoint(disk)).checkpoint?.state.step,
  images: (await readDatasetSummary({ dir: disk }))?.images === before?.images,
  metrics: (await readMetrics(disk)).length === step - 1,
  entries: (await readdir(disk, { recursive: true })).filter((name) => !entries.includes(name)),
};

await rm(filler);
const after = {
  note: await codeOf(writeFileAtomic(note, 'new')),
  checkpoint: await codeOf(saveCheckpoint(disk, checkpoint(3))),
  import: await codeOf(importPictures({ dir: disk }, [{ kind: 'path', path: join(pictures, 'more') }], {}, inThread)),
  metrics: await codeOf(metrics.append(report(step))),
  reports: (await readMetrics(disk)).at(-1)?.step === step,
};
await metrics.close();
process.stdout.write(JSON.stringify({ full, left, after }));
