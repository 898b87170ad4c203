/** What the benchmark of imports takes from Ganvas; run.mjs builds it as the program itself is built. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { FormMemory } from '../../../src-main/engine/engine';
import { engineFor } from '../../../src-main/engine/engines';
import { initialState } from '../../../src-main/gan/network';
import { importPictures } from '../../../src-main/store/dataset/import';
import { openPack } from '../../../src-main/store/dataset/pack';
import type { ImportOptions } from '../../../src-main/store/dataset/types';
import { BatchSource } from '../../../src-main/trainer/batches';
import { learningRatesAt } from '../../../src-shared/recipe/recipe';
import { benchRecipe } from '../recipes';

/** Imports a folder into an empty project; pictures in its pack. */
export async function importFolder(
  dir: string,
  folder: string,
  size: number,
  onProgress?: ImportOptions['onProgress'],
): Promise<number> {
  const sources = [{ kind: 'path', path: folder }] as const;
  const { summary } = await importPictures({ dir }, sources, { size, channels: 3, onProgress });
  return summary.images;
}

/** The least that must be done: each file read, decoded and scaled by sharp, `parallel` at once; nothing is checked or kept. */
export async function resizeFolder(folder: string, size: number, parallel: number): Promise<void> {
  sharp.concurrency(1);
  sharp.cache(false);
  const names = (await readdir(folder)).values();
  const work = async (): Promise<void> => {
    for (const name of names) {
      await sharp(join(folder, name)).resize(size, size, { fit: 'cover', kernel: 'lanczos3' }).raw().toBuffer();
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

/** Forms for one session, which finds them. */
const noForms: FormMemory = { read: () => Promise.resolve(new Map()), write: () => Promise.resolve() };

/**
 * Medians of the milliseconds that a training step takes, tuned as the program tunes it, and of those that its pictures and random numbers take before: from memory,
 * or with `inMemoryBytes` 0 from the shards.
 */
export async function timeInput(
  dir: string,
  size: number,
  batch: number,
  steps: number,
  threads: number,
  inMemoryBytes?: number,
) {
  const recipe = benchRecipe('dcgan', 32, size);
  const pack = await openPack({ dir }, inMemoryBytes);
  const source = new BatchSource(pack, recipe, 1, batch);
  const options = { provider: 'cpu', threads, forms: noForms } as const;
  const session = await engineFor('compiled').trainSession(recipe, batch, initialState(recipe, 1), options);
  const [input, step]: [number[], number[]] = [[], []];
  try {
    for (let number = 0; number < steps; number++) {
      const begun = performance.now();
      const drawn = source.after(number * source.images);
      input.push(performance.now() - begun);
      const drawnAt = performance.now();
      await session.step({ ...drawn, learningRates: learningRatesAt(recipe, number) });
      step.push(performance.now() - drawnAt);
    }
  } finally {
    await session.close();
    await pack.close();
  }
  return { inputMs: median(input), stepMs: median(step) };
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] as number;
