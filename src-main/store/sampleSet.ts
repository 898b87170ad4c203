import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PictureBatch } from '#shared/contract/types';
import type { PictureSource } from './dataset/types';
import { decodePngPicture } from './pictures/png';
import { resourcePath } from './resources';

/** The bundled pictures, 64×64 in colour; where they come from and their licence stand beside them. */
const picturesDir = () => resourcePath('sample-set', 'pictures');

async function pictureFiles(): Promise<readonly string[]> {
  return (await readdir(picturesDir())).filter((name) => name.endsWith('.png')).sort();
}

/** For {@link importPictures}. */
export function sampleSetSources(): readonly PictureSource[] {
  return [{ kind: 'path', path: picturesDir() }];
}

export async function sampleSetCount(): Promise<number> {
  return (await pictureFiles()).length;
}

/** `count` pictures spread over the set, fewer if it has not as many. */
export async function sampleSetPreview(count: number): Promise<PictureBatch> {
  const files = await pictureFiles();
  const shown = Math.min(count, files.length);
  const chosen = Array.from(
    { length: shown },
    (_, index) => files[Math.floor((index * files.length) / shown)] as string,
  );
  const decoded = await Promise.all(
    chosen.map(async (name) => (await decodePngPicture(await readFile(join(picturesDir(), name)))).picture),
  );
  const [first] = decoded;
  if (!first) throw new Error('the sample set is missing from this installation');
  const { width, height, channels } = first;
  const pixels = Buffer.concat(decoded.map((picture) => picture.pixels));
  return { count: shown, width, height, channels, pixels };
}
