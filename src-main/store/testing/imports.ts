import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPack } from '../dataset/pack';
import { colourful } from './pictures';
import { temporaryFolder } from './temporaryFolder';

/** An empty project, and an empty folder to import from. */
export async function workplace(): Promise<{
  project: { dir: string };
  folder: string;
  from: readonly [{ kind: 'path'; path: string }];
}> {
  const root = await temporaryFolder();
  const [dir, folder] = [join(root, 'project'), join(root, 'pictures')];
  await mkdir(dir);
  await mkdir(folder);
  return { project: { dir }, folder, from: [{ kind: 'path', path: folder }] };
}

export const png = (seed: number, width?: number, height?: number): Promise<Buffer> =>
  colourful(seed, width, height).png().toBuffer();

export const small = { size: 16, channels: 3 } as const;

/** Writes `count` pictures, named by their seeds: `0000.png`. */
export async function addPictures(folder: string, from: number, count: number): Promise<void> {
  for (let seed = from; seed < from + count; seed++) {
    await writeFile(join(folder, `${String(seed).padStart(4, '0')}.png`), await png(seed, 24, 20));
  }
}

/** All pixels of a project's pack. */
export async function pixelsOf(project: { dir: string }): Promise<Uint8Array> {
  const pack = await openPack(project);
  const { pixels } = await pack.pictures(0, pack.count);
  await pack.close();
  return pixels;
}
