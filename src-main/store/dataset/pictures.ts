import type { Project } from '../project';
import type { CuratedPicture } from './curatedPack';
import { readLabels } from './labels';
import { datasetDir, readManifest, readOrigins } from './manifest';

/** The pictures of a project's pack, in its order; none while there is no pack. */
export async function readPictures(project: Pick<Project, 'dir'>): Promise<readonly CuratedPicture[]> {
  const manifest = await readManifest(project);
  if (!manifest) return [];
  const dir = datasetDir(project);
  const [origins, labels] = await Promise.all([readOrigins(dir, manifest), readLabels(dir, manifest)]);
  return origins.map(({ sha256 }, picture) => ({
    id: sha256,
    className: manifest.classes[labels[picture] ?? -1]?.name,
  }));
}
