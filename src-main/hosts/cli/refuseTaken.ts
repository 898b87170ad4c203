import { fail } from '#shared/contract/errors';
import { exists } from '../../store/atomic';

/** Fails with `file.exists` for the first of the paths that is taken, before any work is done; `force` allows all. */
export async function refuseTaken(paths: readonly string[], force: boolean | undefined): Promise<void> {
  if (force) return;
  for (const path of paths) if (await exists(path)) fail('file.exists', { path });
}
