import type { CurationSummary } from '#shared/contract/types';
import type { Project } from '../project';
import { trainingSet, type TrainingSet } from './curatedPack';
import { readCuration, type CurationRecord } from './curationFile';
import { isBalanced, splitOf, type Curation } from './curationState';
import { readPictureTable, type PictureTable } from './pictureTable';

/** A curation in numbers; of a project without pictures all are 0. */
export function summaryOf(
  { revision, curation, undo, redo }: CurationRecord,
  { indices, excluded, heldOut, unweighted }: Pick<TrainingSet, 'indices' | 'excluded' | 'heldOut' | 'unweighted'>,
): CurationSummary {
  return {
    revision,
    trained: indices.length,
    excluded,
    heldOut,
    unweighted,
    split: splitOf(curation),
    sampling: { balanced: isBalanced(curation), weights: Object.fromEntries(curation.weights) },
    undo: undo.at(-1)?.label,
    redo: redo.at(-1)?.label,
  };
}

/** The same as it is on disk; `images`: pictures of the pack, none without one. */
export async function readCurationSummary(
  project: Pick<Project, 'dir'>,
  images: number,
  readTable: () => Promise<PictureTable> = () => readPictureTable(project),
): Promise<CurationSummary> {
  const record = await readCuration(project);
  // Most projects leave nothing out: what is known of each picture need not be read to open them.
  if (images === 0 || !leavesOut(record.curation)) {
    return summaryOf(record, { indices: new Uint32Array(images), excluded: 0, heldOut: 0, unweighted: 0 });
  }
  const table = await readTable();
  return summaryOf(record, trainingSet(table.hash, table.pictures, record.curation));
}

const leavesOut = (curation: Curation) =>
  curation.excluded.size > 0 || splitOf(curation).heldOut > 0 || [...curation.weights.values()].includes(0);
