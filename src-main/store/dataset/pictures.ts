import type { Project } from '../project';
import type { CuratedPicture } from './curatedPack';
import { readLabels } from './labels';
import { datasetDir, readManifest } from './manifest';
import { digestAt, joinColumns } from './records';
import { readPackRecords } from './shardRecords';

/** The pictures of a project's pack, in its order; none while there is no pack. */
export async function readPictures(project: Pick<Project, 'dir'>): Promise<readonly CuratedPicture[]> {
  const manifest = await readManifest(project);
  if (!manifest) return [];
  const dir = datasetDir(project);
  const [shards, labels] = await Promise.all([readPackRecords(dir, manifest), readLabels(dir, manifest)]);
  const records = joinColumns(shards, manifest.channels);
  return Array.from({ length: records.count }, (_, picture) => ({
    id: digestAt(records, picture),
    className: manifest.classes[labels[picture] ?? -1]?.name,
  }));
}
