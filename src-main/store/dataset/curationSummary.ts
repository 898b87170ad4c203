import type { ClassSummary, CurationSummary, DatasetSummary } from '#shared/contract/types';
import type { Project } from '../project';
import { trainingSet, type TrainingSet } from './curatedPack';
import { readCuration, type CurationRecord } from './curationFile';
import { isBalanced, splitOf, type Curation } from './curationState';
import { classesIn } from './pictureMarks';
import { readPictureTable, type PictureTable } from './pictureTable';

/** How many pictures of a training set each of the present classes has. */
export function classCounts({ classes }: Pick<TrainingSet, 'classes'>, names: readonly string[]): ClassSummary[] {
  const counts = new Map<string | undefined, number>();
  for (const name of classes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return names.map((name) => ({ name, pictures: counts.get(name) ?? 0 }));
}

/** A curation in numbers; of a project without pictures all are 0. */
export function summaryOf(
  { revision, curation, undo, redo }: CurationRecord,
  { indices, hash, excluded, heldOut, unweighted }: Omit<TrainingSet, 'weights' | 'classes'>,
  classes: readonly ClassSummary[],
): CurationSummary {
  return {
    revision,
    trained: indices.length,
    hash,
    excluded,
    heldOut,
    unweighted,
    classes,
    split: splitOf(curation),
    sampling: { balanced: isBalanced(curation), weights: Object.fromEntries(curation.weights) },
    undo: undo.at(-1)?.label,
    redo: redo.at(-1)?.label,
  };
}

/** The same as it is on disk; `dataset`: the pack, if there is one. */
export async function readCurationSummary(
  project: Pick<Project, 'dir'>,
  dataset: Pick<DatasetSummary, 'images' | 'classes' | 'hash'> | undefined,
  readTable: () => Promise<PictureTable> = () => readPictureTable(project),
): Promise<CurationSummary> {
  const record = await readCuration(project);
  const { images, classes, hash } = dataset ?? { images: 0, classes: [], hash: '' };
  // Most projects leave nothing out: what is known of each picture need not be read to open them.
  if (images === 0 || !changes(record.curation)) {
    const whole = { indices: new Uint32Array(images), hash, excluded: 0, heldOut: 0, unweighted: 0 };
    return summaryOf(record, whole, classes);
  }
  const table = await readTable();
  const set = trainingSet(table.hash, table.pictures, record.curation);
  return summaryOf(record, set, classCounts(set, classesIn(table, record.curation)));
}

/** Whether other pictures are trained on than those of the pack, under other classes, or some of them more often. */
const changes = (curation: Curation) =>
  curation.classes.size > 0 ||
  curation.classNames.size > 0 ||
  curation.excluded.size > 0 ||
  splitOf(curation).heldOut > 0 ||
  curation.weights.size > 0 ||
  isBalanced(curation);
