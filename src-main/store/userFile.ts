import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { failDisk, makeFolder, TEMPORARY } from './atomic';

/**
 * Writes a result where the user said, whole or not at all; folders above it are made. Not synced, because it can be made again: a thousand samples
 * would wait a thousand times for the disk. Answers the absolute path; `disk.full`, `disk.failed`.
 */
export async function writeUserFile(path: string, bytes: Uint8Array): Promise<string> {
  const absolute = resolve(path);
  const temporary = `${absolute}.${randomUUID()}${TEMPORARY}`;
  await makeFolder(dirname(absolute));
  try {
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, absolute);
  } catch (error) {
    await rm(temporary, { force: true });
    return failDisk(error, absolute);
  }
  return absolute;
}
