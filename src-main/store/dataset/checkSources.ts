import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { MissingFiles } from '#shared/contract/types';
import { inOrder } from '../inOrder';
import type { Project } from '../project';
import { datasetDir, readManifest } from './manifest';
import { nameAt } from './records';
import { readPackRecords } from './shardRecords';
import { SourceFiles } from './sourceFiles';

/** Files that are looked at together: enough for a network's folder to be quick, few enough for the rest of the program. */
const PARALLEL = 16;

interface CheckOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks whether the files of a pack's pictures are still where they were and as they were, by their size and time of change: nothing is read. `job.cancelled`;
 * nothing is missing where there is no pack.
 */
export async function checkSources(
  project: Pick<Project, 'dir'>,
  { onProgress, signal }: CheckOptions = {},
): Promise<MissingFiles> {
  const manifest = await readManifest(project);
  if (!manifest) return { count: 0, files: [] };
  const dir = datasetDir(project);
  const shards = await readPackRecords(dir, manifest);
  const sources = new SourceFiles(dir, manifest.sources, signal);
  const total = shards.reduce((sum, { count }) => sum + count, 0);
  const files: MissingFiles['files'][number][] = [];
  let [count, done] = [0, 0];
  for (const records of shards) {
    const places = Array.from({ length: records.count }, (_, picture) => picture);
    const looked = inOrder(
      places,
      PARALLEL,
      async (picture) => [picture, await sources.look(records, picture)] as const,
    );
    for await (const [picture, problem] of looked) {
      if (signal?.aborted) return fail('job.cancelled');
      onProgress?.(++done, total);
      // Of packs that old versions made it was never known: nothing has happened to them.
      if (problem === undefined || problem === 'unknown') continue;
      count += 1;
      if (files.length < limits.missingListed) files.push({ name: nameAt(records, picture), problem });
    }
  }
  return { count, files };
}
