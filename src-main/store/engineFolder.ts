import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists, failDisk, makeFolder, TEMPORARY } from './atomic';

/** A folder in the making, beside the one that it becomes; whoever opens it finishes or discards it. */
export interface StagedEngine {
  readonly folder: string;
  /** Makes it the engine's folder. */
  finish(): Promise<void>;
  discard(): Promise<void>;
}

/** Opens an empty folder that will be `<home>/<name>`, with a package.json in it. */
export async function stageEngine(target: string, manifest: object): Promise<StagedEngine> {
  const folder = `${target}-${randomUUID()}${TEMPORARY}`;
  await makeFolder(folder);
  await onDisk(folder, () => writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`));
  return {
    folder,
    finish: () => onDisk(target, () => rename(folder, target)),
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Makes a file's folder, and a link that leads to `target` from there. */
export async function linkBeside(link: string, target: string): Promise<void> {
  await onDisk(link, () => symlink(target, link));
}

export async function makeFolderOf(file: string): Promise<void> {
  await onDisk(file, () => mkdir(dirname(file), { recursive: true }));
}

/** Removes the entries of a folder that are not to be kept. */
export async function keepOnly(folder: string, kept: (name: string) => boolean): Promise<void> {
  await onDisk(folder, async () => {
    const names = await readdir(folder);
    for (const name of names.filter((name) => !kept(name))) await rm(join(folder, name), { recursive: true });
  });
}

/** Whether there was such a folder. */
export async function removeEngine(folder: string): Promise<boolean> {
  if (!(await exists(folder))) return false;
  await onDisk(folder, () => rm(folder, { recursive: true }));
  return true;
}

async function onDisk(file: string, work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => failDisk(error, file));
}
