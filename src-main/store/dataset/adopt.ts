import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { limits } from '#shared/contract/limits';
import type { UnfinishedImport } from '#shared/contract/types';
import { makeSubfolder } from '../atomic';
import type { Project } from '../project';
import { datasetDir, readManifest } from './manifest';
import type { PictureSource } from './types';

/** Files that were handed over for good lie in the pack's own folder, so that their pictures can be cropped anew; they go with it. */
const ORIGINALS = 'originals';

/** Sources as they are read, and the folders in which adopted ones lie: the same files come to others each time. */
export interface Adopted {
  readonly sources: readonly PictureSource[];
  readonly folders: readonly string[];
}

/** Moves the files of sources that are to be adopted into the pack's folder. What cannot be moved (it lies on another disk) is imported from where it is. */
export async function adoptSources(dir: string, given: readonly PictureSource[]): Promise<Adopted> {
  if (!given.some(({ adopt }) => adopt)) return { sources: given, folders: [] };
  const folder = join(dir, ORIGINALS, randomUUID());
  for (const made of [dir, join(dir, ORIGINALS), folder]) await makeSubfolder(made);
  const sources: PictureSource[] = [];
  const folders = new Set([folder]);
  for (const source of given) {
    const path = join(folder, basename(source.path));
    const moved = source.adopt && (await rename(source.path, path).then(() => true, () => false)); // prettier-ignore
    sources.push(moved ? { kind: 'path', path } : source);
    if (source.adopt && !moved) folders.add(dirname(source.path));
  }
  return { sources, folders: [...folders] };
}

/** What is imported, for people: folders of the program's own say nothing. */
export function inShort({ sources, folders }: Adopted): UnfinishedImport {
  const isAdopted = (path: string) => folders.some((folder) => dirname(path) === folder);
  const names = sources.map(({ path }) => (isAdopted(path) ? basename(path) : path));
  return { sources: names.slice(0, limits.unfinishedNamed), count: names.length };
}

/**
 * Removes adopted files that no picture of the pack came from: those of imports that were killed or that failed. For who has the pack to itself, so that no import
 * is using them. Never fails: they cost room, no more, and it is tried again.
 */
export async function removeOrphans(project: Pick<Project, 'dir'>): Promise<void> {
  const originals = join(datasetDir(project), ORIGINALS);
  const present = await readdir(originals).catch(() => []);
  if (present.length === 0) return;
  try {
    // As it is now: a manifest that was written names its originals, whatever failed afterwards.
    const sources = (await readManifest(project))?.sources ?? [];
    const named = new Set(sources.flatMap(({ path }) => adoptedFolder(path) ?? []));
    for (const id of present) if (!named.has(id)) await rm(join(originals, id), { recursive: true, force: true });
  } catch {
    // The import that follows says what is wrong with the manifest.
  }
}

function adoptedFolder(path: string): string | undefined {
  const [first, id] = path.split(/[/\\]/);
  return first === ORIGINALS ? id : undefined;
}
