import type { Project } from '../project';
import { readTrainingSet, trainingSet, type TrainingSet } from './curatedPack';
import { readCuration } from './curationFile';
import { openPack } from './pack';
import { classesIn, classIn } from './pictureMarks';
import { readPictureTable } from './pictureTable';
import type { Pack } from './types';

/** A project's pack as it is trained on: what is excluded or held out is not in it, and classes have their present names. Whoever opened it closes it. */
export interface TrainingPack extends Omit<Pack, 'pictures' | 'picturesAt'> {
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
    const [table, { curation }] = await Promise.all([readPictureTable(project), readCuration(project)]);
    const set = trainingSet(pack.hash, table.pictures, curation);
    const { indices, weights, hash, excluded, heldOut, unweighted } = set;
    const classes = classesIn(table, curation);
    const numbers = new Map(classes.map((name, number) => [name, number]));
    const { size, channels } = pack;
    return {
      ...readTrainingSet(pack, set),
      size,
      channels,
      hash,
      weights,
      classes,
      labels: Int32Array.from(indices, (picture) => numbers.get(classIn(table, curation, picture) ?? '') ?? -1),
      left: { excluded, heldOut, unweighted },
      ids: () => Array.from(indices, (picture) => table.ids[picture] ?? ''),
      close: () => pack.close(),
    };
  } catch (error) {
    await pack.close();
    throw error;
  }
}
