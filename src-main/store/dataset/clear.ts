import { rename, rm } from 'node:fs/promises';
import { fail } from '#shared/contract/errors';
import { exists, failDisk, syncFolder } from '../atomic';
import type { Project } from '../project';
import { exclusively } from './exclusive';
import { clearedDir, datasetDir, manifestPath } from './manifest';

/** Empties the pack. What it held is put aside until the next import, for {@link undoClear}; the user's own files are never touched. */
export function clearDataset(project: Pick<Project, 'dir'>): Promise<void> {
  return exclusively(project.dir, async () => {
    const dir = datasetDir(project);
    // Clearing nothing must not throw away what was cleared before.
    if (!(await exists(manifestPath(dir)))) return;
    await replaceFolder(dir, clearedDir(project), project.dir);
  });
}

/** Brings the cleared pictures back; `dataset.nothing-cleared` when there are none or others were imported since. */
export function undoClear(project: Pick<Project, 'dir'>): Promise<void> {
  return exclusively(project.dir, async () => {
    const dir = datasetDir(project);
    const present = await exists(manifestPath(dir));
    if (present || !(await exists(manifestPath(clearedDir(project))))) return fail('dataset.nothing-cleared');
    await replaceFolder(clearedDir(project), dir, project.dir);
  });
}

async function replaceFolder(from: string, to: string, parent: string): Promise<void> {
  try {
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
    await syncFolder(parent);
  } catch (error) {
    failDisk(error, to);
  }
}
