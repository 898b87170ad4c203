import type { Project } from '../project';
import { readTrainingSet, trainingSet, type TrainingSet } from './curatedPack';
import { readCuration } from './curationFile';
import { openPack } from './pack';
import { readPictures } from './pictures';
import type { Pack } from './types';

/** A project's pack as it is trained on: what is excluded or held out is not in it. Whoever opened it closes it. */
export interface TrainingPack extends Pick<Pack, 'count' | 'size' | 'channels' | 'hash' | 'readInto' | 'close'> {
  readonly weights: Float64Array | undefined;
  /** Pictures of the pack that are not trained on, and why. */
  readonly left: Pick<TrainingSet, 'excluded' | 'heldOut' | 'unweighted'>;
  /** The pictures by content, in their order. */
  readonly ids: () => readonly string[];
}

/** Opens a project's pack under its curation as it is now; `dataset.empty`, `project.unreadable`. Later changes do not concern it. */
export async function openTrainingPack(project: Pick<Project, 'dir'>): Promise<TrainingPack> {
  const pack = await openPack(project);
  try {
    const [pictures, { curation }] = await Promise.all([readPictures(project), readCuration(project)]);
    const set = trainingSet(pack.hash, pictures, curation);
    const { size, channels } = pack;
    const { indices, weights, hash, excluded, heldOut, unweighted } = set;
    return {
      ...readTrainingSet(pack, set),
      size,
      channels,
      hash,
      weights,
      left: { excluded, heldOut, unweighted },
      ids: () => Array.from(indices, (index) => pictures[index]?.id ?? ''),
      close: () => pack.close(),
    };
  } catch (error) {
    await pack.close();
    throw error;
  }
}
