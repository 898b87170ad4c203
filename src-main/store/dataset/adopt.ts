import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeSubfolder } from '../atomic';
import type { ManifestSource } from './manifest';
import type { PictureSource } from './types';

/** Files that were handed over for good lie in the pack's own folder, so that their pictures can be cropped anew; they go with it. */
const ORIGINALS = 'originals';

/**
 * Moves the files of sources that are to be adopted into the pack's folder. What cannot be moved (it lies on another disk) is imported from where it is.
 * `adopted` are the new folders, for {@link forgetAdopted}.
 */
export async function adoptSources(
  dir: string,
  given: readonly PictureSource[],
): Promise<{ readonly sources: readonly PictureSource[]; readonly adopted: readonly string[] }> {
  if (!given.some(({ adopt }) => adopt)) return { sources: given, adopted: [] };
  const folder = join(dir, ORIGINALS, randomUUID());
  await makeSubfolder(dir);
  await mkdir(folder, { recursive: true });
  const sources: PictureSource[] = [];
  for (const source of given) {
    const path = join(folder, basename(source.path));
    const moved = source.adopt && (await rename(source.path, path).then(() => true, () => false)); // prettier-ignore
    sources.push(moved ? { kind: 'path', path } : source);
  }
  return { sources, adopted: [folder] };
}

/** Removes the adopted folders that no picture came from. */
export async function forgetAdopted(
  adopted: readonly string[],
  dir: string,
  sources: readonly ManifestSource[],
): Promise<void> {
  for (const folder of adopted) {
    const used = sources.some(({ path }) => join(dir, path).startsWith(folder));
    if (!used) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
