import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureBatch } from '#shared/contract/types';
import { failDisk, makeSubfolder, systemCode, writeFileAtomic } from './atomic';
import { cutGrid, gridOf } from './pictures/grid';
import { decodePngPicture, encodePngPicture } from './pictures/png';

/** What a sheet's PNG says of itself, under this keyword, so that it can be cut into its pictures again. */
const KEYWORD = 'ganvas:sheet';
const Sheet = z.object({ step: z.int(), count: z.int().min(1), width: z.int().min(1), height: z.int().min(1) });

const FILE = /^(\d+)\.png$/;
const samplesDir = (runDir: string) => join(runDir, 'samples');
const samplePath = (runDir: string, step: number) => join(samplesDir(runDir), `${step}.png`);

/** Keeps the samples of a step as a PNG grid, and thins out old sheets beyond {@link limits.sampleSheetsKept}. */
export async function saveSampleSheet(runDir: string, step: number, pictures: PictureBatch): Promise<void> {
  const { count, width, height } = pictures;
  await makeSubfolder(samplesDir(runDir));
  const png = await encodePngPicture(gridOf(pictures), { [KEYWORD]: JSON.stringify({ step, count, width, height }) });
  await writeFileAtomic(samplePath(runDir, step), png);
  const steps = await listSampleSheets(runDir);
  for (const surplus of thinnedOut(steps, limits.sampleSheetsKept)) await removeSheet(runDir, surplus);
}

/** Steps that have a sheet, oldest first. */
export async function listSampleSheets(runDir: string): Promise<readonly number[]> {
  const names = await readdir(samplesDir(runDir)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    return failDisk(error, samplesDir(runDir));
  });
  return names
    .flatMap((name) => FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** The samples of a step. `project.unreadable` when the sheet is missing or damaged. */
export async function readSampleSheet(runDir: string, step: number): Promise<PictureBatch> {
  const file = samplePath(runDir, step);
  try {
    const { picture, text } = await decodePngPicture(await readFile(file));
    const sheet = Sheet.parse(JSON.parse(text.get(KEYWORD) ?? ''));
    const fitting = Math.floor(picture.width / sheet.width) * Math.floor(picture.height / sheet.height);
    if (sheet.count > fitting) return fail('project.unreadable', { file, problem: 'it holds too few pictures' });
    return cutGrid(picture, sheet);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return fail('project.unreadable', { file, problem });
  }
}

/** Removes the sheets of later steps, which a run resumed at `step` will make anew. */
export async function dropSampleSheetsAfter(runDir: string, step: number): Promise<void> {
  for (const later of await listSampleSheets(runDir)) if (later > step) await removeSheet(runDir, later);
}

async function removeSheet(runDir: string, step: number): Promise<void> {
  await rm(samplePath(runDir, step), { force: true }).catch((error: unknown) =>
    failDisk(error, samplePath(runDir, step)),
  );
}

/**
 * Steps to let go so that `kept` of them remain, spread over the whole: again and again the one whose neighbours are closest together goes.
 * The first and the last always stay.
 */
export function thinnedOut(steps: readonly number[], kept: number): readonly number[] {
  const left = [...steps];
  const dropped: number[] = [];
  while (left.length > Math.max(kept, 2)) {
    let closest = 1;
    for (let index = 2; index < left.length - 1; index++) {
      if (gapAround(left, index) < gapAround(left, closest)) closest = index;
    }
    dropped.push(...left.splice(closest, 1));
  }
  return dropped;
}

const gapAround = (steps: readonly number[], index: number) =>
  (steps[index + 1] as number) - (steps[index - 1] as number);
