import { dirname, resolve } from 'node:path';
import { fail } from '#shared/contract/errors';
import { exists, makeFolder, writeFileAtomic } from '../../store/atomic';

/** Fails with `file.exists` for the first of the paths that is taken, before any work is done; `force` allows all. */
export async function refuseTaken(paths: readonly string[], force: boolean | undefined): Promise<void> {
  if (force) return;
  for (const path of paths) if (await exists(path)) fail('file.exists', { path });
}

/** Writes a result where the user said, whole or not at all; folders above it are made. The absolute path. */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<string> {
  const absolute = resolve(path);
  await makeFolder(dirname(absolute));
  await writeFileAtomic(absolute, bytes);
  return absolute;
}
